import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import { type ConnectionSources, resolveConnection } from './resolve-connection.ts'

const canary = 'c4n4ry-secret'

function resolve(sources: Partial<ConnectionSources>) {
  return resolveConnection({ env: {}, home: '/nonexistent', login: 'me', ...sources })
}

function failure(sources: Partial<ConnectionSources>): SkeinError {
  try {
    resolve(sources)
  } catch (error) {
    if (error instanceof SkeinError) return error
    throw error
  }
  throw new Error('it was resolved')
}

describe('resolveConnection', () => {
  const everything = {
    DATABASE_URL: 'postgres://h/d',
    DB_HOST: 'h',
    DB_NAME: 'd',
    DB_PASSWORD: canary,
    PGHOST: 'h',
    PGDATABASE: 'd',
    PGUSER: 'pguser',
  }

  it('takes the flag, then the configuration, then DATABASE_URL, then DB_*, then PG*', () => {
    expect(resolve({ given: 'postgres://flag/x', configured: 'postgres://conf/y', env: everything }).label).toBe('flag:5432/x as pguser')
    expect(resolve({ configured: 'postgres://conf/y', env: everything }).label).toBe('conf:5432/y as pguser')
    expect(resolve({ env: everything })).toMatchObject({ label: 'h:5432/d as pguser', password: undefined, urlPath: '/d' })
    const { DATABASE_URL: _, ...without } = everything
    expect(resolve({ env: without })).toMatchObject({ label: 'h:5432/d as pguser', password: canary })
    expect(resolve({ env: { PGHOST: 'p', PGPORT: '6' } }).label).toBe('p:6/me as me')
  })

  it('fills single pieces from PG*', () => {
    const env = {
      PGPASSWORD: 'secret',
      PGPORT: '7',
      PGSSLMODE: 'disable',
      PGAPPNAME: 'batch',
      PGCONNECT_TIMEOUT: '3',
      PGOPTIONS: '-c x.y=1',
      PGTARGETSESSIONATTRS: 'primary',
    }
    expect(resolve({ given: 'postgres://u@h/d', env, applicationName: 'skein/1' })).toMatchObject({
      hosts: [{ host: 'h', port: 7 }],
      password: 'secret',
      sslmode: 'disable',
      applicationName: 'skein/1 batch',
      connectTimeoutMs: 3000,
      options: '-c x.y=1',
      targetSessionAttrs: 'primary',
    })
  })

  it('has libpq’s defaults', () => {
    const spec = resolve({ given: 'postgres://h' })
    expect(spec).toMatchObject({
      user: 'me',
      database: 'me',
      sslmode: 'prefer',
      targetSessionAttrs: 'any',
      applicationName: 'skein',
      warnings: [],
    })
  })

  it('pairs hosts and ports', () => {
    expect(resolve({ given: 'postgres://a:1,b/d' }).label).toBe('a:1,b:5432/d as me')
    expect(resolve({ given: 'host=a,b port=9 dbname=d' }).label).toBe('a:9,b:9/d as me')
    expect(resolve({ given: 'host=n hostaddr=10.0.0.1 dbname=d' }).hosts).toEqual([
      { host: 'n', port: 5432, hostaddr: '10.0.0.1', password: undefined },
    ])
    expect(resolve({ given: 'host=/s dbname=d' }).label).toBe('/s/.s.PGSQL.5432/d as me')
    expect(resolve({ given: 'postgres://[::1]/d' }).label).toBe('[::1]:5432/d as me')
    expect(failure({ given: 'host=a,b port=1,2,3' }).message).toMatch(/3 ports do not fit 2 hosts/)
    expect(failure({ given: 'host=a port=70000' }).code).toBe('URL-INVALID')
  })

  it.each([
    [{ DATABASE_URL: 'postgres://a/d', DB_HOST: 'b' }, 'DATABASE_URL and DB_HOST name different hosts'],
    [{ DATABASE_URL: 'postgres://a/d', DB_HOST: 'a', DB_PORT: '5433' }, 'DATABASE_URL and DB_PORT name different ports'],
    [{ DATABASE_URL: 'postgres://a/d', DB_HOST: 'a', DB_NAME: 'e' }, 'DATABASE_URL and DB_NAME name different databases'],
    [{ DATABASE_URL: 'postgres:///d', DB_HOST: 'a' }, 'DATABASE_URL and DB_HOST name different hosts'],
    [{ DATABASE_URL: 'postgres://a/d', PGHOST: 'b' }, 'DATABASE_URL and PGHOST name different hosts'],
    [{ DB_HOST: 'a', DB_NAME: 'd', PGDATABASE: 'e' }, 'DB_NAME and PGDATABASE name different databases'],
  ])('refuses %j', (env, message) => {
    const error = failure({ env })
    expect([error.code, error.message]).toEqual(['DATABASE-AMBIGUOUS', message])
  })

  it('does not mind two that agree', () => {
    expect(resolve({ env: { DATABASE_URL: 'postgres://localhost/d', DB_HOST: '127.0.0.1', DB_PORT: '5432', DB_NAME: 'd' } }).database).toBe(
      'd',
    )
  })

  it('lists every way when there is none', () => {
    const error = failure({ env: { DATABASE_URL: '', PGUSER: 'x' } })
    expect(error.code).toBe('DATABASE-MISSING')
    for (const way of ['--database', 'skein.yaml', 'DATABASE_URL', 'DB_HOST', 'PGHOST', 'PGSERVICE', 'database: embedded'])
      expect(error.details.hint).toContain(way)
  })

  it.each([
    ['sslmode=no-verify', /sslmode=require/],
    ['sslmode=full', /verify-full/],
    ['sslnegotiation=direct', /needs sslmode/],
    ['sslrootcert=system sslmode=require', /verify-full/],
    ['target_session_attrs=master', /primary/],
    ['connect_timeout=soon', /seconds/],
    ['channel_binding=maybe', /require/],
    ['ssl_min_protocol_version=SSLv3', /TLSv1.2/],
  ])('refuses %s', (dsn, words) => {
    const error = failure({ given: `host=h password=${canary} ${dsn}` })
    expect(error.code).toBe('URL-INVALID')
    expect(`${error.message} ${error.details.hint}`).toMatch(words)
    expect(JSON.stringify(error)).not.toContain(canary)
  })

  it('reads services, the explicit before the service before PG*', () => {
    const folder = newFolder('skein-service-')
    const file = join(folder, 'services')
    writeFileSync(file, '# ours\n[other]\nhost=x\n\n[mine]\nhost=h1\nport=9\ndbname=d d\n  user=u\n[mine]\nhost=never\n')
    const env = { PGSERVICEFILE: file, PGUSER: 'pg', PGPORT: '1' }
    expect(resolve({ given: 'service=mine dbname=e', env }).label).toBe('h1:9/e as u')
    expect(resolve({ env: { ...env, PGSERVICE: 'mine' } }).label).toBe('h1:9/d d as u')
    expect(failure({ given: 'service=nobody', env }).message).toMatch(/no such service in .*services/)
    writeFileSync(file, '[mine]\nhots=h\n')
    expect(failure({ given: 'service=mine', env }).message).toMatch(/line 2: nobody knows the parameter "hots"/)
    const system = { PGSYSCONFDIR: folder }
    writeFileSync(join(folder, 'pg_service.conf'), '[there]\nhost=sys\n')
    expect(resolve({ given: 'service=there', env: system }).label).toBe('sys:5432/me as me')
    expect(failure({ given: 'service=x', env: { PGSERVICEFILE: join(folder, 'none') } }).message).toMatch(/cannot be read/)
  })

  it('reads password files by libpq’s rules', () => {
    const home = newFolder('skein-pgpass-')
    const file = join(home, '.pgpass')
    writeFileSync(file, '# comment\nh:5432:d:u:first\n*:*:d\\:e:u:a\\:b\\\\c:further\n*:9:*:*:nine\nlocalhost:*:*:*:socket\nshort:line\n', {
      mode: 0o600,
    })
    const password = (given: string) => resolve({ given, home }).hosts.map((host) => host.password)
    expect(password('postgres://u@h/d')).toEqual(['first'])
    expect(password('postgres://u@other/d:e')).toEqual(['a:b\\c'])
    expect(password('postgres://v@h:9,k/d')).toEqual(['nine', undefined])
    expect(password('host=/tmp user=v dbname=d')).toEqual(['socket'])
    expect(resolve({ given: 'postgres://u:own@h/d', home }).password).toBe('own')
    chmodSync(file, 0o644)
    expect(resolve({ given: 'postgres://u@h/d', home })).toMatchObject({
      hosts: [{ password: undefined }],
      warnings: [expect.stringContaining('chmod 0600')],
    })
  })

  it('finds the certificates of ~/.postgresql', () => {
    const home = newFolder('skein-home-')
    mkdirSync(join(home, '.postgresql'))
    writeFileSync(join(home, '.postgresql', 'root.crt'), '')
    expect(resolve({ given: 'postgres://h', home }).ssl.rootcert).toBe(join(home, '.postgresql', 'root.crt'))
    expect(resolve({ given: 'postgres://h?sslrootcert=system', home })).toMatchObject({
      sslmode: 'verify-full',
      ssl: { rootcert: 'system' },
    })
  })

  it('never has the password in the label', () => {
    for (const given of [
      `postgres://u:${canary}@h/d`,
      `host=h user=u password='${canary}' dbname=d`,
      `postgres://h/d?user=u&password=${canary}`,
    ]) {
      expect(resolve({ given })).toMatchObject({ label: 'h:5432/d as u', password: canary })
    }
  })
})

function newFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
