import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../../../test/server.ts'
import { defaultEnv, failure, makeService, type Revision, envEnding, indent, online } from '../../../test/alembic-service.ts'

const file = 'app/migrations/versions/a1.py'

/** Runs the revision a1 of a new service, and sees that nothing is left of it. */
async function runA1(a1: Revision, more: { env?: string; configure?: string } = {}) {
  const service = await makeService({ revisions: { a1 }, ...more })
  const runtime = await service.start()
  const failed = failure(await runtime.run(service.step('a1')))
  expect(await service.query("select relname from pg_class where relname in ('t_a1', 'alembic_version')")).toEqual([])
  return failed
}

describe('what went wrong in the child', () => {
  it('a statement: what the server said, and the line in the revision', async () => {
    const failed = await runA1({ up: 'op.execute("create table t_a1 (id int)")\nop.execute("select * from nowhere")' })
    expect(failed).toMatchObject({
      stage: 'migrate',
      name: 'UndefinedTable',
      message: 'relation "nowhere" does not exist',
      sqlstate: '42P01',
      statement: 'select * from nowhere',
      place: { file, line: 13 },
    })
    expect(failed.stack).toContain('op.execute("select * from nowhere")')
    expect(failed.stack).not.toContain('site-packages')
  })

  it('detail and hint of the server', async () => {
    const up =
      'op.execute("create table t_a1 (id int primary key); insert into t_a1 values (1)")\nop.execute("insert into t_a1 values (1)")'
    expect(await runA1({ up })).toMatchObject({ sqlstate: '23505', detail: 'Key (id)=(1) already exists.' })
    expect(await runA1({ up: 'op.execute("select lenght(\'a\')")' })).toMatchObject({
      hint: expect.stringContaining('No function matches'),
    })
  })

  it('a constraint that is checked at COMMIT', async () => {
    const up = `op.execute("create table t_a1 (id int primary key, up int references t_a1 deferrable initially deferred)")
op.execute("insert into t_a1 values (1, 2)")`
    expect(await runA1({ up })).toMatchObject({ stage: 'commit', sqlstate: '23503' })
  })

  it('an exception of its own, sys.exit and os._exit', async () => {
    expect(await runA1({ up: 'raise ValueError("not today")' })).toMatchObject({
      stage: 'migrate',
      name: 'ValueError',
      message: 'not today',
      place: { file, line: 12 },
    })
    expect(await runA1({ up: 'import sys\nsys.exit(0)' })).toMatchObject({ stage: 'migrate', message: 'the revision called sys.exit(0)' })
    expect(await runA1({ up: 'import os, sys\nprint("last words", file=sys.stderr)\nos._exit(3)' })).toMatchObject({
      stage: 'crash',
      message: 'Python ended while it ran revision a1 (up): exit code 3',
      stack: expect.stringContaining('last words'),
    })
  })

  it('an exception that env.py swallows', async () => {
    const env = envEnding(`        try:\n${indent(online)}        except Exception:\n            print("never mind")\n`)
    expect(await runA1({ up: 'raise ValueError("not today")' }, { env })).toMatchObject({ stage: 'migrate', message: 'not today' })
  })

  it('an env.py that raises, exits, runs nothing, or has no connection', async () => {
    const line = { file: 'app/migrations/env.py', line: 1 }
    expect(await runA1({}, { env: 'raise RuntimeError("no settings")' })).toMatchObject({
      stage: 'load',
      message: 'no settings',
      place: line,
    })
    expect(await runA1({}, { env: 'import sys; sys.exit("bye")' })).toMatchObject({
      stage: 'load',
      message: "env.py called sys.exit('bye')",
    })
    expect(await runA1({}, { env: 'pass' })).toMatchObject({
      stage: 'load',
      message: 'app/migrations/env.py ended without running the revision',
    })
  })

  it('a revision that cannot be loaded', async () => {
    expect(await runA1({ text: 'revision = "a1"\ndown_revision = None\ndef upgrade(:\n' })).toMatchObject({
      stage: 'load',
      name: 'SyntaxError',
      place: { file, line: 3, column: 13 },
    })
    expect(await runA1({ text: 'import not_there.deep\nrevision = "a1"\n' })).toMatchObject({
      stage: 'load',
      name: 'ModuleNotFoundError',
      message: "No module named 'not_there'",
      hint: expect.stringContaining('pip install'),
      place: { file, line: 1 },
    })
    expect(await runA1({ text: 'x = 1\n' })).toMatchObject({
      stage: 'load',
      message: "module 'a1_py' has no attribute 'down_revision'",
    })
  })

  it('a server that cannot be reached', async () => {
    const env = defaultEnv().replace('os.environ["TEST_URL"], poolclass', '"postgresql+psycopg://u@127.0.0.1:1/x", poolclass')
    expect(await runA1({}, { env })).toMatchObject({
      stage: 'connect',
      message: expect.stringContaining('refused'),
      place: { file: 'app/migrations/env.py' },
    })
  })

  it('another database, which is left as it was', async () => {
    const other = await freshDatabase()
    const service = await makeService({ revisions: { a1: {} } })
    const runtime = await service.start()
    const elsewhere = await makeService({
      revisions: { a1: {} },
      env: defaultEnv().replaceAll('os.environ["TEST_URL"]', `"${other.url.replace('postgresql:', 'postgresql+psycopg:')}"`),
    })
    const lost = await elsewhere.start()
    expect(failure(await lost.run(elsewhere.step('a1')))).toMatchObject({
      stage: 'elsewhere',
      message: expect.stringContaining(other.name),
    })
    await service.parent.query('select pg_advisory_unlock_all()')
    expect(failure(await runtime.run(service.step('a1')))).toMatchObject({ stage: 'elsewhere' })
  })

  it('an earlier child that is still at work', async () => {
    const service = await makeService({ revisions: { a1: {} } })
    const runtime = await service.start()
    await service.parent.query('select pg_advisory_lock(99)')
    expect(failure(await runtime.run(service.step('a1')))).toMatchObject({ stage: 'orphan' })
    await service.parent.query('select pg_advisory_unlock(99)')
    expect(await runtime.run(service.step('a1'))).toMatchObject({ ok: true })
  })
})

describe('the end of a child', () => {
  const slow = {
    a1: {},
    b2: { down: 'a1', up: 'op.execute("create table half (id int)")\nprint("begun", flush=True)\nop.execute("select pg_sleep(600)")' },
  }

  async function amid() {
    const service = await makeService({ revisions: slow })
    const runtime = await service.start()
    await runtime.run(service.step('a1'))
    const running = runtime.run(service.step('b2'))
    await until(() => service.output.includes('begun'))
    return { service, runtime, running }
  }

  /** Waits until nothing of the child is left on the server, ending the backend as the next run would. */
  async function rolledBack(service: Awaited<ReturnType<typeof makeService>>, backend: number) {
    await service.query(`select pg_terminate_backend(${backend})`)
    await until(async () => (await service.query(`select 1 from pg_stat_activity where pid = ${backend}`)).length === 0)
    expect(await service.heads()).toEqual(['a1'])
    expect(await service.query("select 1 from pg_class where relname = 'half'")).toEqual([])
  }

  it('kill() leaves no process, and the step says cancelled', async () => {
    const { service, runtime, running } = await amid()
    const backend = runtime.backendPid as number
    expect(backend).toBeGreaterThan(0)
    await runtime.kill()
    expect(failure(await running)).toMatchObject({ stage: 'cancelled' })
    expect(isAlive(runtime.pid)).toBe(false)
    await rolledBack(service, backend)
  })

  it('a SIGKILL from elsewhere is a crash', async () => {
    const { service, runtime, running } = await amid()
    const backend = runtime.backendPid as number
    process.kill(runtime.pid, 'SIGKILL')
    expect(failure(await running)).toMatchObject({ stage: 'crash', message: 'Python ended while it ran revision b2 (up): SIGKILL' })
    await rolledBack(service, backend)
  })

  it('the process goes when the pipe closes, also amid a revision', async () => {
    const { service, runtime, running } = await amid()
    const backend = runtime.backendPid as number
    await runtime.end()
    expect(failure(await running)).toMatchObject({ stage: 'crash', message: expect.stringContaining('exit code 0') })
    expect(isAlive(runtime.pid)).toBe(false)
    await rolledBack(service, backend)
  })

  it('SIGINT is not its business, and programs that it starts do not get the pipe', async () => {
    const up = `import os, signal, subprocess, sys
os.kill(os.getpid(), signal.SIGINT)
os.write(3, b"nonsense")
subprocess.run([sys.executable, "-c", "import os; print(sorted(os.listdir('/proc/self/fd'), key=int)[:-1])"], check=True)`
    const service = await makeService({ revisions: { a1: { up } } })
    const runtime = await service.start()
    expect(await runtime.run(service.step('a1'))).toMatchObject({ ok: true, atomic: true })
    if (process.platform === 'linux') expect(service.output).toContain("['0', '1', '2']")
  })
})

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
