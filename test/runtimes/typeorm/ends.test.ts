import { cpSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { program, run } from '../../other-process.ts'
import { failureIn, makeService, migration, type TestService } from './service.ts'

const A = 'Accounts1700000000001'
const file = 'src/migrations/a.js'

/** A service with one migration. */
const one = (up: string, more: Readonly<Record<string, string>> = {}) => makeService({ files: { [file]: migration(A, up), ...more } })

async function backends(service: TestService): Promise<number> {
  const [row] = await service.query(`select count(*)::int as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`)
  return Number(row?.n)
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await sleep(20)
}

test('a process that ends within a migration is a crash; nothing is left', async () => {
  const service = await one('await q.query("create table t ()"); console.error("going"); process.exit(7)')
  const child = await service.start()
  expect(failureIn(await child.run(service.step(A)))).toMatchObject({
    stage: 'crash',
    message: expect.stringMatching(/exit code 7 while it ran Accounts1700000000001\ngoing$/),
  })
  expect(failureIn(await child.run(service.step(A))).stage).toBe('crash')
  const killed = await one('await q.query("create table t ()"); process.kill(process.pid, "SIGKILL")')
  expect(failureIn(await (await killed.start()).run(killed.step(A)))).toMatchObject({ message: expect.stringContaining('SIGKILL') })
  for (const each of [service, killed]) {
    await until(async () => (await backends(each)) === 0)
    expect(await each.query(`select to_regclass('t') as t`)).toEqual([{ t: null }])
  }
})

test('a statement that is cancelled, and a connection that is ended, fail the step', async () => {
  const service = await one('console.log("here"); await q.query("select pg_sleep(1000)")')
  for (const [call, sqlstate] of [
    ['pg_cancel_backend', '57014'],
    ['pg_terminate_backend', '57P01'],
  ]) {
    service.output.length = 0
    const child = await service.start()
    const running = child.run(service.step(A))
    await until(async () => service.output.length > 0)
    await service.query(`select ${call}(${child.backendPid})`)
    expect(failureIn(await running)).toMatchObject({ stage: 'migrate', sqlstate, place: { file: `app/${file}`, line: 4 } })
    await child.end()
  }
  expect(await service.query(`select to_regclass('migrations') as m`)).toEqual([{ m: null }])
})

test('a rejection outside a step ends the child as Node does', async () => {
  const service = await one('setTimeout(() => Promise.reject(new Error("too late")), 50)')
  const child = await service.start()
  expect(await child.run(service.step(A))).toMatchObject({ ok: true })
  await until(async () => (await backends(service)) === 0)
  expect(failureIn(await child.run(service.step(A, { direction: 'down' })))).toMatchObject({
    stage: 'crash',
    message: expect.stringContaining('too late'),
  })
})

test('a migration that hangs is killed, with what it started, and leaves nothing', async () => {
  const up = `await q.query("create table t ()")
    const { spawn } = require('node:child_process')
    console.log(spawn('sleep', ['1000'], { stdio: 'inherit' }).pid)
    await new Promise(() => setInterval(() => {}, 1000))`
  const service = await one(up)
  const child = await service.start()
  const running = child.run(service.step(A))
  await until(async () => service.output.length > 0)
  expect(child.backendPid).toEqual(expect.any(Number))
  await child.kill()
  expect(failureIn(await running)).toMatchObject({ stage: 'cancelled', message: `stopped while it ran ${A}` })
  const grandchild = Number(service.output[0])
  await until(async () => !isAlive(grandchild))
  await until(async () => (await backends(service)) === 0)
  expect(await service.query(`select to_regclass('t') as t`)).toEqual([{ t: null }])
})

test('a child that is in the middle when its pipe closes ends at once', async () => {
  const service = await one('await q.query("create table t ()"); console.log("here"); await new Promise(() => setInterval(() => {}, 1000))')
  const child = await service.start()
  const running = child.run(service.step(A))
  await until(async () => service.output.length > 0)
  await child.end()
  expect(failureIn(await running).stage).toBe('crash')
  await until(async () => (await backends(service)) === 0)
})

test('when its parent dies, the child ends and its locks are free', async () => {
  const service = await one('await q.query("create table t ()"); await new Promise(() => setInterval(() => {}, 1000))')
  const step = JSON.stringify(service.step(A), (_, value) => (typeof value === 'bigint' ? String(value) : value))
  const parent = await program(`import { startTypeorm } from './src/runtimes/typeorm/index.ts'
const spec = ${JSON.stringify(service.spec)}
const child = await startTypeorm({ ...spec, onOutput() {} })
console.log(child.pid)
await child.run({ ...${step}, orphanKey: 4712n })`)
  cpSync(join(import.meta.dirname, '../../../src/runtimes/typeorm/typeorm-child'), join(dirname(parent), 'typeorm-child'), {
    recursive: true,
  })
  const held = 'select pg_try_advisory_lock(4712) as free, pg_advisory_unlock(4712)'
  const ended = await run(parent, [], (started) => {
    void until(async () => (await service.query(held))[0]?.free === false).then(() => started.kill('SIGKILL'))
  })
  await until(async () => !isAlive(Number(ended.stdout)))
  await until(async () => (await service.query(held))[0]?.free === true)
  await until(async () => (await backends(service)) === 0)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
