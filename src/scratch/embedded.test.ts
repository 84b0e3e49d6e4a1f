import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { program, run } from '../../test/other-process.ts'
import { binaries, connect, majors, runFolder, temporaryFolder } from '../../test/server.ts'
import { embeddedStatus, removeEmbedded, startEmbedded, stopEmbedded } from './embedded.ts'
import { processIdentity } from './alive.ts'

const where = () => ({ base: runFolder() })
const made: string[] = []

afterEach(async () => {
  for (const workspace of made.splice(0)) {
    await removeEmbedded(workspace, where())
    rmSync(workspace, { recursive: true, force: true })
  }
})

function workspace(name = 'workspace'): string {
  const folder = join(temporaryFolder(), name)
  mkdirSync(folder, { recursive: true })
  made.push(folder)
  return folder
}

describe('the embedded server', () => {
  it('is made, started, seen, stopped and started again', async () => {
    const root = workspace()
    expect(await embeddedStatus(root, where())).toEqual({ state: 'absent' })
    expect(await stopEmbedded(root, where())).toBe(false)

    const first = await startEmbedded(root, where())
    expect(first.version).toMatch(/^18\.\d+$/)
    expect(await one(first.url(), "select current_setting('fsync') || current_setting('server_encoding') as it")).toBe('onUTF8')
    await one(first.url(), 'create table kept as select 7 as it')

    const again = await startEmbedded(root, where())
    expect([again.pid, again.port, again.url()]).toEqual([first.pid, first.port, first.url()])
    const status = await embeddedStatus(root, where())
    expect(status).toMatchObject({ state: 'running', server: { pid: first.pid, port: first.port, version: first.version } })

    expect(await stopEmbedded(root, where())).toBe(true)
    expect(await embeddedStatus(root, where())).toEqual({ state: 'stopped', major: 18 })
    await expect(connect(first.url())).rejects.toMatchObject({ code: 'ECONNREFUSED' })

    const later = await startEmbedded(root, where())
    expect(later.url()).toBe(first.url())
    expect(await one(later.url(), 'select it from kept')).toBe(7)
  })

  it('lets in who has the password, by TCP and by socket, and nobody else', async () => {
    const server = await startEmbedded(workspace(), where())
    expect(await one(server.url(), 'select 1 as it')).toBe(1)
    const wrong = new URL(server.url())
    wrong.password = 'wrong'
    await expect(connect(wrong.href)).rejects.toMatchObject({ code: '28P01' })
    const socket = { host: server.socketDir, port: server.port, user: 'postgres', database: 'postgres' }
    await expect(new pg.Client({ ...socket, password: 'wrong' }).connect()).rejects.toMatchObject({ code: '28P01' })
    const stored = await one(server.url(), "select left(rolpassword, 13) as it from pg_authid where rolname = 'postgres'")
    expect(stored).toBe('SCRAM-SHA-256')
  })

  it('can be reached with psql and its URL', async (test) => {
    if (spawnSync('psql', ['--version']).status !== 0) return test.skip('psql is not installed')
    const server = await startEmbedded(workspace(), where())
    const psql = spawnSync('psql', ['-XAtw', server.url(), '-c', 'select current_database()'], { encoding: 'utf8' })
    expect(psql).toMatchObject({ status: 0, stdout: 'postgres\n' })
    const refused = spawnSync('psql', ['-XAtw', server.url().replace(/:[^:@]+@/, ':wrong@'), '-c', 'select 1'], { encoding: 'utf8' })
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('password authentication failed')
  })

  it('is told of in .skein, which git does not see and only the owner reads', async () => {
    const root = workspace()
    const server = await startEmbedded(root, where())
    const skein = join(root, '.skein')
    expect(readFileSync(join(skein, '.gitignore'), 'utf8')).toBe('*\n')
    const { port, version, dataDir, socketDir } = server
    expect(JSON.parse(readFileSync(join(skein, 'embedded.json'), 'utf8'))).toMatchObject({ port, version, dataDir, socketDir })
    expect(readFileSync(join(skein, 'embedded.json'), 'utf8')).not.toContain(new URL(server.url()).password)
    expect(readFileSync(join(skein, 'embedded.password'), 'utf8').trim()).toBe(new URL(server.url()).password)
    expect(statSync(join(skein, 'embedded.password')).mode & 0o777).toBe(0o600)
  })

  it('survives the loss of .skein', async () => {
    const root = workspace()
    const server = await startEmbedded(root, where())
    rmSync(join(root, '.skein'), { recursive: true })
    expect((await startEmbedded(root, where())).url()).toBe(server.url())
    await stopEmbedded(root, where())
    rmSync(join(root, '.skein'), { recursive: true })
    expect(await one((await startEmbedded(root, where())).url(), 'select 1 as it')).toBe(1)
  })

  it('takes a password of .skein only when nobody else could have written or read it', async () => {
    const root = workspace()
    mkdirSync(join(root, '.skein'))
    writeFileSync(join(root, '.skein', 'embedded.password'), 'cloned', { mode: 0o644 })
    expect(new URL((await startEmbedded(root, where())).url()).password).not.toBe('cloned')
  })

  it('says so when .skein cannot be written', async () => {
    const root = workspace()
    writeFileSync(join(root, '.skein'), '')
    await expect(startEmbedded(root, where())).rejects.toMatchObject({
      code: 'EMBEDDED-FAILED',
      message: expect.stringContaining(`cannot be written in ${root}`),
    })
  })

  it('is one server, however many start it at once', async () => {
    const root = workspace()
    const servers = await Promise.all(Array.from({ length: 10 }, () => startEmbedded(root, where())))
    expect(new Set(servers.map((server) => `${server.pid} ${server.url()}`)).size).toBe(1)
  })

  it('is one server, whichever process starts it, in a workspace with blanks and a long name', async () => {
    const root = workspace(join('a workspace "with" blanks, quotes & ünïcode', 'and a name that is long '.repeat(8)))
    const start = await starter()
    const ended = await Promise.all(Array.from({ length: 6 }, () => run(start, [root, runFolder()])))
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(ended.map(() => [0, '']))
    expect(new Set(ended.map(({ stdout }) => stdout)).size).toBe(1)
  })

  it('outlives the process that started it, in a session of its own', async () => {
    const root = workspace()
    let starterPid = 0
    const { stdout } = await run(await starter(), [root, runFolder()], (child) => (starterPid = child.pid ?? 0))
    expect(processIdentity(starterPid)).toBeUndefined()
    const pid = Number(stdout.split(' ')[0])
    expect(await embeddedStatus(root, where())).toMatchObject({ state: 'running', server: { pid } })
    const session = spawnSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' })
    if (!session.error) expect(Number(session.stdout)).toBe(pid)
    expect(await one((await startEmbedded(root, where())).url(), 'select 1 as it')).toBe(1)
  })

  it('starts again after it was killed, with what was committed', async () => {
    const root = workspace()
    const server = await startEmbedded(root, where())
    await one(server.url(), 'create table kept as select 7 as it')
    process.kill(server.pid, 'SIGKILL')
    // At once: its children, who still hold its memory, have not noticed.
    const again = await startEmbedded(root, where())
    expect(again.pid).not.toBe(server.pid)
    expect(await one(again.url(), 'select it from kept')).toBe(7)
  })

  it('takes another port when its own is taken', async () => {
    const [root, other] = [workspace(), workspace()]
    const server = await startEmbedded(root, where())
    await stopEmbedded(root, where())
    mkdirSync(join(other, '.skein'))
    writeFileSync(join(other, '.skein', 'embedded.json'), JSON.stringify({ port: server.port }))
    expect((await startEmbedded(other, where())).port).toBe(server.port)
    const moved = await startEmbedded(root, where())
    expect(moved.port).not.toBe(server.port)
    expect(await one(moved.url(), 'select 1 as it')).toBe(1)
  })

  it('quotes what the server said when it does not start', async () => {
    await expect(startEmbedded(workspace(), { ...where(), settings: { shared_buffers: 'plenty' } })).rejects.toMatchObject({
      code: 'EMBEDDED-FAILED',
      message: expect.stringContaining('invalid value for parameter "shared_buffers": "plenty"'),
    })
  })

  it('refuses data of another major version and names both', async () => {
    const root = workspace()
    const old = majors()[0] ?? 13
    await startEmbedded(root, { ...where(), binaries: binaries(old) })
    await stopEmbedded(root, where())
    await expect(startEmbedded(root, where())).rejects.toMatchObject({
      code: 'EMBEDDED-FAILED',
      message: expect.stringMatching(new RegExp(`was made by PostgreSQL ${old}, and the installed server is 18\\.`)),
    })
  })
})

function starter(): Promise<string> {
  return program(`
    import { startEmbedded } from './src/scratch/embedded.ts'
    const server = await startEmbedded(process.argv[2], { base: process.argv[3] })
    console.log(server.pid, server.url())
  `)
}

async function one(url: string, sql: string): Promise<unknown> {
  const client = await connect(url)
  try {
    return (await client.query(sql)).rows[0]?.it
  } finally {
    await client.end()
  }
}
