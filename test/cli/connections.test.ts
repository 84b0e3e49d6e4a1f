import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { freshDatabase, privateServer, server } from '../server.ts'
import { folderOf, shopFiles, skein, sql, stateOf } from './kit.ts'

const shop = folderOf(shopFiles())

describe.concurrent('databases that cannot be had', () => {
  it('wrong password, unknown host, nobody there, no such database: exit 3', async () => {
    const { url } = await freshDatabase()
    const wrong = new URL(url)
    wrong.password = 'wrong'
    const cases: [string, RegExp][] = [
      [wrong.href, /AUTH-FAILED: [^]*next: /],
      ['postgresql://me@no-such-host.invalid/x', /CONNECT-HOST: .*no-such-host\.invalid[^]*next: /],
      ['postgresql://me@127.0.0.1:1/x', /CONNECT-REFUSED: .*127\.0\.0\.1:1[^]*next: /],
      [(await server()).url('not_there'), /DATABASE-UNKNOWN: .*not_there[^]*next: /],
    ]
    await Promise.all(
      cases.map(async ([database, says]) => {
        const ran = await skein(shop, ['up', '-d', database])
        expect(ran).toMatchObject({ code: 3, stdout: '' })
        expect(ran.stderr).toMatch(says)
      }),
    )
    const status = await skein(shop, ['status', '--json', '-d', 'postgresql://me@127.0.0.1:1/x'])
    expect(status.code).toBe(3)
    expect(JSON.parse(status.stdout)).toMatchObject({
      services: [{ state: 'unreachable', current: null, error: { code: 'CONNECT-REFUSED' } }],
    })
  })

  it('a server that is starting up is waited for, and `up` says so', async () => {
    // What a postmaster in recovery answers to everyone (57P03), byte for byte.
    const starting = Buffer.from(
      'SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0Fpostmaster.c\0L2344\0RProcessStartupPacket\0\0',
    )
    const answer = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), starting])
    answer.writeInt32BE(starting.length + 4, 1)
    const listener = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer)))
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const { port } = listener.address() as { port: number }
    const url = `postgresql://me:x@127.0.0.1:${port}/x?sslmode=disable`
    const [up, wait] = await Promise.all([skein(shop, ['up', '-d', url]), skein(shop, ['wait', '--timeout', '2s', '-d', url])])
    listener.close()
    expect(up).toMatchObject({ code: 3, stdout: '' })
    expect(up?.stderr).toMatch(/CONNECT-STARTING: .*starting up[^]*next: .*skein wait/)
    expect(wait).toMatchObject({ code: 3 })
    expect(wait?.stderr).toContain('CONNECT-STARTING')
  })

  it('`wait` goes on when the server comes', async () => {
    const late = await privateServer()
    await late.stop()
    const waiting = skein(shop, ['wait', '--timeout', '50s', '-d', late.url()])
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await late.start()
    expect(await waiting).toMatchObject({ code: 0, stdout: expect.stringContaining('is there') })
    await late.stop()
  })

  it('a database that may only be read, and one where nothing may be made: exit 4, and nothing is there afterwards', async () => {
    const [readOnly, poor] = [await freshDatabase(), await freshDatabase()]
    await sql(readOnly.url, `alter database ${readOnly.name} set default_transaction_read_only = on`)
    await sql(poor.url, `revoke create on schema public from public; revoke create on database ${poor.name} from public`)
    await sql(poor.url, `create role ${poor.name} login password 'poor'`)
    const asPoor = new URL(poor.url)
    asPoor.username = poor.name
    asPoor.password = 'poor'
    const [read, denied] = await Promise.all([skein(shop, ['up', '-d', readOnly.url]), skein(shop, ['up', '-d', asPoor.href])])
    expect(read).toMatchObject({ code: 4 })
    expect(read?.stderr).toMatch(/READ-ONLY: [^]*next: /)
    expect(denied).toMatchObject({ code: 4 })
    expect(denied?.stderr).toMatch(/(LEDGER|PERMISSION)-DENIED: [^]*next: [^]*grant /i)
    expect(await stateOf(readOnly.url)).toEqual([])
    expect(await stateOf(poor.url)).toEqual([])
  })
})

describe.concurrent('ways to say which database', () => {
  it.each<[string, (url: URL) => { args?: string[]; env?: NodeJS.ProcessEnv }]>([
    ['-d', (url) => ({ args: ['-d', url.href] })],
    ['--url before the verb', (url) => ({ args: ['--url', url.href] })],
    ['DATABASE_URL', (url) => ({ env: { DATABASE_URL: url.href } })],
    [
      'DB_HOST …',
      (url) => ({
        env: {
          DB_HOST: url.hostname,
          DB_PORT: url.port,
          DB_USER: url.username,
          DB_PASSWORD: decodeURIComponent(url.password),
          DB_NAME: url.pathname.slice(1),
          DB_SSLMODE: 'disable',
        },
      }),
    ],
    [
      'PG*',
      (url) => ({
        env: {
          PGHOST: url.hostname,
          PGPORT: url.port,
          PGUSER: url.username,
          PGPASSWORD: decodeURIComponent(url.password),
          PGDATABASE: url.pathname.slice(1),
        },
      }),
    ],
  ])('%s', async (_name, how) => {
    const { url, name } = await freshDatabase()
    const { args = [], env } = how(new URL(url))
    const ran = await skein(shop, [...args, 'status', '--json'], { env })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ran.stdout)).toMatchObject({ services: [{ database: expect.stringContaining(`/${name} as `), pending: 2 }] })
  })
})
