import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../server.ts'
import { folderOf, shopFiles, skein, sql } from './kit.ts'

const yaml = { 'skein.yaml': 'services: { shop: { path: migrations, tool: golang-migrate } }\n' }

async function shop() {
  const { url } = await freshDatabase()
  const folder = folderOf({ ...yaml, ...shopFiles() })
  return { url, folder, env: { DATABASE_URL: url } }
}

describe.concurrent('run', () => {
  it('checks, migrates, starts the program with its words, streams and environment, and ends as it does', async () => {
    const { url, folder, env } = await shop()
    const words = ['--', 'sh', '-c', 'cat; echo "$0 $*"; exit 42', '--json', '--up', 'a b']
    expect(await skein(folder, ['run', '--check', ...words], { env })).toMatchObject({
      code: 9,
      stdout: '',
      stderr: expect.stringContaining('PENDING'),
    })
    expect(await skein(folder, ['--quiet', 'run', '--up', ...words], { env, input: 'in\n' })).toEqual({
      code: 42,
      stdout: 'in\n--json --up a b\n',
      stderr: '',
    })
    expect(await sql(url, 'select version::int from schema_migrations')).toEqual([{ version: 2 }])
    expect(await skein(folder, ['run', 'shop', '--check', '--', 'true'], { env })).toMatchObject({ code: 0, stdout: '' })
  })

  it('does not start the program after a failure', async () => {
    const { folder, env } = await shop()
    const broken = folderOf({ ...yaml, 'migrations/1_a.up.sql': 'select wrong;\n' })
    expect(await skein(broken, ['run', '--up', '--', 'echo', 'started'], { env })).toMatchObject({ code: 1, stdout: '' })
    const none = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
    expect(await skein(folder, ['run', '--wait-timeout', '100ms', '--', 'echo'], { env: none })).toMatchObject({ code: 3, stdout: '' })
    expect(await skein(folder, ['run', '--up'], { env })).toMatchObject({ code: 2, stderr: expect.stringContaining('run needs a program') })
    expect((await skein(folder, ['run', '--', 'no-such-program'], { env })).code).toBe(127)
    expect((await skein(folder, ['run', '--', './skein.yaml'], { env })).code).toBe(126)
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
    ['SIGUSR1', 138],
    ['SIGUSR2', 140],
    ['SIGKILL', 137],
  ] as const)('passes %s, more than once, and says 128+n when the program dies of it', async (signal, code) => {
    const { folder, env } = await shop()
    const name = signal.slice(3)
    const caught =
      signal === 'SIGKILL' ? '' : `n=0; trap 'n=$((n+1)); echo got $n; [ $n = 2 ] && trap - ${name} && kill -${name} $$' ${name}; `
    const last = signal === 'SIGKILL' ? 'kill -KILL $$' : 'while :; do sleep 0.05; done'
    const ran = await skein(folder, ['run', '--', 'sh', '-c', `${caught}echo ready; ${last}`], {
      env,
      onStart: (child) => {
        child.stdout?.on('data', (chunk) => /ready|got 1/.test(String(chunk)) && signal !== 'SIGKILL' && child.kill(signal))
      },
    })
    expect(ran).toMatchObject({ code, stdout: signal === 'SIGKILL' ? 'ready\n' : 'ready\ngot 1\ngot 2\n' })
  })
})
