import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startProxy } from '../../test/proxy.ts'
import { freshDatabase, majors, type PrivateServer, privateServer, server, type TestDatabase } from '../../test/server.ts'
import { type ErrorCode, SkeinError } from '../model/errors.ts'
import { cancelStatement } from './cancel.ts'
import { connect, type ConnectOptions } from './connect.ts'
import { resolveConnection } from './resolve-connection.ts'
import type { Session } from './session.ts'

const canary = 'c4n4ry-pass-w0rd'

function to(given: string, options?: ConnectOptions): Promise<Session> {
  return connect(resolveConnection({ given, env: {}, home: '/nonexistent', login: 'me' }), options)
}

async function failure(given: string, options?: ConnectOptions): Promise<SkeinError> {
  try {
    await (await to(given, options)).end()
  } catch (error) {
    if (error instanceof SkeinError) return error
    throw error
  }
  throw new Error('it connected')
}

function shown(error: SkeinError): string {
  return `${error.message} ${JSON.stringify(error.details)} ${error.stack} ${String(error.details.cause)}`
}

/** The same URL with other parts. */
function changed(
  url: string,
  parts: { user?: string; password?: string; host?: string; port?: number; database?: string; query?: string },
): string {
  const { username, password, hostname, port, pathname } = new URL(url)
  const host = parts.host ?? hostname
  return `postgres://${parts.user ?? username}:${parts.password ?? password}@${host}:${parts.port ?? port}/${parts.database ?? pathname.slice(1)}${parts.query ?? ''}`
}

describe('connect', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await freshDatabase()
  })

  it('connects to every version and knows it', async () => {
    for (const major of majors()) {
      const session = await to((await server(major)).url())
      const [row] = await session.query<{ pid: number; num: string }>(
        "select pg_backend_pid() as pid, current_setting('server_version_num') as num",
      )
      expect([session.pid, String(session.version)]).toEqual([row?.pid, row?.num])
      expect(session.label).toMatch(/ as postgres$/)
      await session.end()
      expect(session.closed).toBe(true)
    }
  })

  it('says who we are', async () => {
    const session = await connect(resolveConnection({ given: database.url, env: {}, applicationName: 'skein/1.2.3 up' }))
    expect((await session.simple('show application_name'))[0]?.rows).toEqual([{ application_name: 'skein/1.2.3 up' }])
    await session.end()
  })

  it('connects through a Unix socket', async () => {
    const { server: on, name } = database
    const { password } = new URL(database.url)
    const session = await to(`host=${on.socketDir} port=${on.port} user=postgres password=${password} dbname=${name} sslmode=require`)
    expect(session.label).toBe(`${on.socketDir}/.s.PGSQL.${on.port}/${name} as postgres`)
    expect(await session.query('select inet_client_addr() as a')).toEqual([{ a: null }])
    await session.end()
  })

  it('goes on to the next host', async () => {
    const { port } = new URL(database.url)
    const session = await to(changed(database.url, { host: `127.0.0.1:1,${'nowhere.invalid'}:1,127.0.0.1` }))
    expect(session.label).toContain(`127.0.0.1:${port}/`)
    await session.end()
  })

  it('asks for the wished-for attributes', async () => {
    const admin = await to(database.url)
    await admin.simple(`alter database "${database.name}" set default_transaction_read_only = on`)
    for (const [attributes, fits] of Object.entries({
      'read-write': false,
      'read-only': true,
      primary: true,
      standby: false,
      'prefer-standby': true,
    })) {
      const url = `${changed(database.url, {})}?target_session_attrs=${attributes}`
      if (fits) await (await to(url)).end()
      else expect(await failure(url)).toMatchObject({ code: 'CONNECT-FAILED', message: expect.stringContaining(attributes) })
    }
    await admin.simple(`set default_transaction_read_only = off; alter database "${database.name}" reset default_transaction_read_only`)
    await admin.end()
  })

  it('sets search_path and read-only without a round trip of its own', async () => {
    const proxy = await startProxy({ port: database.server.port })
    const session = await to(changed(database.url, { port: proxy.port, query: '?sslmode=disable&search_path=%22A%20b%22,public' }), {
      readOnly: true,
    })
    const [, path] = await session.simple('select 1; show search_path')
    expect(path?.rows).toEqual([{ search_path: '"A b",public' }])
    expect(proxy.roundTrips().after).toBe(1)
    await expect(session.simple('create table t ()')).rejects.toMatchObject({ code: '25006' })
    await session.end()
    await proxy.stop()
    const broken = await to(changed(database.url, { query: '?search_path=a,,b' }))
    await expect(broken.simple('select 1')).rejects.toMatchObject({ code: '22023' })
    await broken.end()
  })

  it('stops when it is told to, and when the time is over', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const url = changed(database.url, { port, password: canary })
    const late = await failure(`${url}?connect_timeout=1`)
    expect([late.code, late.message]).toEqual(['CONNECT-TIMEOUT', expect.stringContaining('within 1 s')])
    for (const sslmode of ['disable', 'require']) {
      const stopper = new AbortController()
      setTimeout(() => stopper.abort(), 50)
      expect((await failure(`${url}?sslmode=${sslmode}`, { signal: stopper.signal })).code).toBe('INTERRUPTED')
    }
    expect((await failure(url, { signal: AbortSignal.abort() })).code).toBe('INTERRUPTED')
    silent.close()
  })

  it('tells what is wrong, never the password', async () => {
    const base = changed(database.url, { password: canary })
    const admin = await to(database.url)
    await admin.simple(`create role canary login password '${canary}'`)
    await admin.simple(`create database closed_${database.name} allow_connections false`)
    const cases: [string, ErrorCode, RegExp][] = [
      [base, 'AUTH-FAILED', /password authentication failed/],
      [changed(base, { user: 'nobody' }), 'AUTH-FAILED', /"nobody"/],
      [changed(base, { user: 'canary', database: 'missing' }), 'DATABASE-UNKNOWN', /createdb -h 127\.0\.0\.1 -p \d+ -U canary missing/],
      [changed(base, { user: 'canary', database: `closed_${database.name}` }), 'CONNECT-FAILED', /not currently accepting/],
      [changed(base, { port: 1 }), 'CONNECT-REFUSED', /127\.0\.0\.1:1.*nothing listens/],
      [changed(base, { host: 'nowhere.invalid' }), 'CONNECT-HOST', /nowhere\.invalid/],
      [`host=/nonexistent user=u password=${canary} dbname=d`, 'CONNECT-REFUSED', /no such socket/],
      [`${base}?sslmode=verify-full`, 'CONNECT-TLS', /root certificate/],
      [`${base}?sslmode=verify-ca&sslrootcert=/nonexistent`, 'CONNECT-TLS', /\/nonexistent cannot be read \(ENOENT\)/],
      [`${base}?sslmode=require`, 'CONNECT-TLS', /does not offer TLS/],
      [`${base}?sslmode=require&sslnegotiation=direct`, 'CONNECT-FAILED', /closed before it was ready/],
      [
        changed(base, { host: `127.0.0.1:1,127.0.0.1:2,nowhere.invalid`, port: 3 }),
        'CONNECT-FAILED',
        /127\.0\.0\.1:1.*127\.0\.0\.1:2.*nowhere/,
      ],
    ]
    for (const [url, code, words] of cases) {
      const error = await failure(url)
      expect([code, `${error.message} ${error.details.hint}`]).toEqual([error.code, expect.stringMatching(words)])
      expect(shown(error)).not.toContain(canary)
    }
    const none = await failure(changed(base, { user: 'canary', password: '' }))
    expect([none.code, none.details.hint]).toEqual(['AUTH-FAILED', expect.stringContaining('~/.pgpass')])
    await admin.simple(`revoke connect on database "${database.name}" from public`)
    const denied = await failure(changed(base, { user: 'canary' }))
    expect([denied.code, denied.details.hint]).toEqual(['PERMISSION-DENIED', expect.stringContaining('grant connect')])
    await admin.simple('alter role canary connection limit 0')
    expect((await failure(changed(base, { user: 'canary', database: 'postgres' }))).code).toBe('TOO-MANY-CONNECTIONS')
    await admin.simple('drop role canary')
    await admin.simple(`drop database closed_${database.name}`)
    await admin.end()
  })
})

describe('connect over TLS', () => {
  let secure: PrivateServer
  let ca: string
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'skein-tls-'))
    ca = join(folder, 'server.crt')
    const key = join(folder, 'server.key')
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    execFileSync(
      'openssl',
      ['req', '-new', '-x509', '-days', '3650', '-nodes', '-newkey', 'rsa:2048', '-keyout', key, '-out', ca, ...subject],
      { stdio: 'ignore' },
    )
    secure = await privateServer()
    const admin = await secure.admin()
    const { rows } = await admin.query("select current_setting('data_directory') as folder")
    // The server writes its own files, so that they belong to it and nobody else may read the key.
    for (const [file, name] of [
      [ca, 'server.crt'],
      [key, 'server.key'],
    ] as const) {
      const lines = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => `('${line}')`)
      const target = `${rows[0].folder}/${name}`
      await admin.query(`copy (select l from (values ${lines.join(', ')}) v(l)) to program 'umask 077; cat > "${target}"'`)
    }
    await admin.query('alter system set ssl = on')
    await admin.query('select pg_reload_conf()')
    await admin.end()
    await vi.waitFor(async () => expect(await failureOrTls(tlsUrl('require'))).toBe(true), { timeout: 10_000 })
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await secure.stop()
  })

  const tlsUrl = (sslmode: string, query = '', host = 'localhost') => changed(secure.url(), { host, query: `?sslmode=${sslmode}${query}` })

  async function failureOrTls(url: string): Promise<boolean | SkeinError> {
    try {
      const session = await to(url)
      const [row] = await session.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
      await session.end()
      return row?.ssl === true
    } catch (error) {
      if (error instanceof SkeinError) return error
      throw error
    }
  }

  it('means by sslmode what libpq means', async () => {
    expect(await failureOrTls(tlsUrl('disable'))).toBe(false)
    expect(await failureOrTls(tlsUrl('allow'))).toBe(false)
    expect(await failureOrTls(tlsUrl('prefer'))).toBe(true)
    expect(await failureOrTls(tlsUrl('require'))).toBe(true)
    expect(await failureOrTls(tlsUrl('verify-ca', `&sslrootcert=${ca}`))).toBe(true)
    expect(await failureOrTls(tlsUrl('verify-full', `&sslrootcert=${ca}`))).toBe(true)
    expect(await failureOrTls(tlsUrl('verify-ca', `&sslrootcert=${ca}`, '127.0.0.1'))).toBe(true)
    expect(await failureOrTls(tlsUrl('verify-full', `&sslrootcert=${ca}`, '127.0.0.1'))).toMatchObject({ code: 'CONNECT-TLS' })
    expect(await failureOrTls(tlsUrl('verify-full', `&sslrootcert=${ca}&hostaddr=127.0.0.1`))).toBe(true)
    expect(await failureOrTls(tlsUrl('verify-full', '&sslrootcert=system'))).toMatchObject({ code: 'CONNECT-TLS' })
  })

  it('does without TLS, or with it, where pg_hba.conf or the certificate demands it', async () => {
    const other = join(folder, 'other.crt')
    execFileSync(
      'openssl',
      ['req', '-new', '-x509', '-nodes', '-newkey', 'rsa:2048', '-keyout', '/dev/null', '-out', other, '-subj', '/CN=other'],
      { stdio: 'ignore' },
    )
    expect(await failureOrTls(tlsUrl('require', `&sslrootcert=${other}`))).toMatchObject({ code: 'CONNECT-TLS' })
    expect(await failureOrTls(tlsUrl('prefer', `&sslrootcert=${other}`))).toBe(false)
    const admin = await secure.admin()
    const { rows } = await admin.query("select current_setting('hba_file') as file, pg_read_file(current_setting('hba_file')) as text")
    const write = async (text: string) => {
      const lines = text.split('\n').map((line) => `('${line.replaceAll("'", "''")}')`)
      await admin.query(`copy (select l from (values ${lines.join(', ')}) v(l)) to '${rows[0].file}'`)
      await admin.query('select pg_reload_conf()')
    }
    await write(`hostnossl all all all reject\n${rows[0].text}`)
    await expect
      .poll(() => failureOrTls(tlsUrl('disable')), { timeout: 10_000 })
      .toMatchObject({ code: 'AUTH-FAILED', details: { sqlstate: '28000' } })
    expect(await failureOrTls(tlsUrl('allow'))).toBe(true)
    await write(`hostssl all all all reject\n${rows[0].text}`)
    await expect.poll(() => failureOrTls(tlsUrl('require')), { timeout: 10_000 }).toMatchObject({ code: 'AUTH-FAILED' })
    expect(await failureOrTls(tlsUrl('prefer'))).toBe(false)
    await write(rows[0].text)
    await admin.end()
    await expect.poll(() => failureOrTls(tlsUrl('require')), { timeout: 10_000 }).toBe(true)
  })

  it('negotiates directly, binds channels, ends and cancels', async () => {
    expect(await failureOrTls(tlsUrl('require', '&sslnegotiation=direct'))).toBe(true)
    expect(await failureOrTls(tlsUrl('require', '&channel_binding=require'))).toBe(true)
    expect(await failureOrTls(tlsUrl('disable', '&channel_binding=require'))).toMatchObject({ code: 'CONNECT-TLS' })
    for (const query of ['', '&sslnegotiation=direct']) {
      const session = await to(tlsUrl('require', query))
      const sleeping = expect(session.simple('select pg_sleep(30)')).rejects.toMatchObject({ code: '57014' })
      await expect.poll(() => cancelStatement(session)).toBe(true)
      await sleeping
      void session.simple('select pg_sleep(30)').catch(() => {})
      const started = performance.now()
      await session.end()
      expect(performance.now() - started).toBeLessThan(5_000)
      expect(session.closed).toBe(true)
    }
  })

  it('says that the server is starting', async () => {
    const admin = await secure.admin()
    await admin.query('alter system set ssl = off')
    const holder = await to(tlsUrl('require'))
    const lockup = holder.simple('select pg_sleep(20)').catch((error: unknown) => error)
    // A smart shutdown lets sessions finish and refuses new ones.
    process.kill(secure.pid, 'SIGTERM')
    await expect.poll(() => failureOrTls(tlsUrl('disable')), { timeout: 10_000 }).toMatchObject({ code: 'CONNECT-STARTING' })
    await admin.end()
    await cancelStatement(holder)
    await lockup
    await holder.end()
  })
})
