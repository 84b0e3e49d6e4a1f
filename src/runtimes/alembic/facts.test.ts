import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startAlembic } from './index.ts'
import { defaultEnv, makeService } from '../../../test/alembic-service.ts'

describe('facts', () => {
  const revisions = {
    a1: { label: 'core' },
    b2: { down: 'a1' },
    c3: { down: 'a1', needs: 'x9' },
    d4: { down: ['b2', 'c3'] },
    x9: {},
  }

  it("tells the revisions in Alembic's own order, with their parents", async () => {
    const service = await makeService({ revisions })
    const runtime = await service.start()
    const facts = await runtime.facts()
    expect(facts).toEqual({
      transaction: 'all',
      toolVersion: '1.16.5',
      migrations: expect.arrayContaining([{ version: 'c3', file: 'app/migrations/versions/c3.py', parents: ['a1', 'x9'] }]),
    })
    const log = service.alembic('upgrade', 'heads', '--sql')
    const order = [...log.matchAll(/-- Running upgrade .*-> (\w+)/g)].map((match) => match[1])
    expect(facts.migrations.map((each) => each.version)).toEqual(order)
    expect(await runtime.facts()).toEqual(facts)
  })

  it('connects nowhere, whatever env.py does before it configures', async () => {
    const env = defaultEnv('version_table="v", transaction_per_migration=True')
      .replace('os.environ["TEST_URL"], poolclass', '"postgresql+psycopg://nobody@127.0.0.1:1/none", poolclass')
      .replace(
        '        context.configure(connection',
        '        connection.execute(text("set lock_timeout = 4000"))\n        connection.commit()\n        context.configure(connection',
      )
    const service = await makeService({ revisions, env })
    const runtime = await service.start()
    expect(await runtime.facts()).toMatchObject({ table: 'v', transaction: 'each' })
    expect(runtime.backendPid).toBeUndefined()
  })

  it('connects where the table depends on what is in the database', async () => {
    const env = defaultEnv('version_table=name').replace(
      '        context.configure(connection',
      '        name = connection.execute(text("select \'from_\' || current_schema()")).scalar()\n        context.configure(connection',
    )
    const service = await makeService({ revisions, env })
    expect(await (await service.start()).facts()).toMatchObject({ table: 'from_public' })
  })

  it('reads pyproject.toml alone, a section, a configuration elsewhere, and none', async () => {
    const toml = {
      'pyproject.toml': '[tool.alembic]\nscript_location = "%(here)s/migrations"\nprepend_sys_path = ["lib"]\n',
      'lib/name.py': 'table = "toml"\n',
    }
    const env = defaultEnv('version_table=name.table', 'import name')
    const first = await makeService({ revisions, env, ini: '', files: toml })
    expect(await (await first.start()).facts()).toMatchObject({ table: 'toml' })

    const ini = '[alembic]\nscript_location = other\n[mine]\nscript_location = migrations\nprepend_sys_path = lib\n'
    const second = await makeService({ revisions, env, ini, files: { 'lib/name.py': 'table = "section"\n' }, options: { section: 'mine' } })
    expect(await (await second.start()).facts()).toMatchObject({ table: 'section' })

    const elsewhere = {
      'conf/db.ini': '[alembic]\nscript_location = %(here)s/../migrations\nprepend_sys_path = .\n',
      'conf/name.py': 'table = "conf"\n',
    }
    const third = await makeService({ revisions, env, ini: '', files: elsewhere, options: { config: 'app/conf/db.ini' } })
    expect(await (await third.start()).facts()).toMatchObject({ table: 'conf' })

    const fourth = await makeService({ revisions, env, ini: '', files: { 'name.py': 'table = "bare"\n' } })
    expect(await (await fourth.start()).facts()).toMatchObject({ table: 'bare' })
    expect(await (await fourth.start()).run(fourth.step('a1'))).toMatchObject({ ok: true })
  })

  it('finds a script folder that is named as part of a package', async () => {
    const ini = '[alembic]\nscript_location = pack:migrations\nprepend_sys_path = src\n'
    const files = { 'src/pack/__init__.py': '# package\n', 'src/pack/migrations/env.py': defaultEnv('version_table="packed"') }
    const service = await makeService({ revisions: {}, ini, files })
    const spec = { ...service.spec, folders: [join(service.root, 'app/src/pack/migrations')] }
    const runtime = await startAlembic(spec)
    expect(await runtime.facts()).toMatchObject({ table: 'packed', migrations: [] })
    await runtime.end()
  })

  it('leaves a configuration alone that is about another folder', async () => {
    const service = await makeService({ revisions, ini: '[alembic]\nscript_location = other\n' })
    expect(await (await service.start()).facts()).toMatchObject({ transaction: 'all' })
    const named = await makeService({ revisions, ini: '[alembic]\nscript_location = other\n', options: { config: 'alembic.ini' } })
    await expect((await named.start()).facts()).rejects.toMatchObject({
      code: 'RUNTIME-INVALID',
      message: 'app: app/alembic.ini: script_location is not there; it should be app/migrations',
    })
  })

  it('says what cannot be loaded', async () => {
    const broken = await makeService({ revisions: { a1: { text: 'revision = "a1"\ndown_revision = None\ndef upgrade(:\n' } } })
    await expect((await broken.start()).facts()).rejects.toMatchObject({
      code: 'RUNTIME-INVALID',
      details: { place: { file: 'app/migrations/versions/a1.py', line: 3 } },
    })
    const missing = await makeService({ revisions, env: 'import psycopg99\n' })
    await expect((await missing.start()).facts()).rejects.toMatchObject({
      code: 'RUNTIME-MISSING',
      message: "app: No module named 'psycopg99'",
      details: { hint: expect.stringContaining('-m pip install'), place: { file: 'app/migrations/env.py', line: 1 } },
    })
    const parentless = await makeService({ revisions: { b2: { down: 'a1' } } })
    await expect((await parentless.start()).facts()).rejects.toMatchObject({
      code: 'RUNTIME-INVALID',
      message: expect.stringContaining("'a1'"),
    })
    const dying = await makeService({ revisions, env: 'import os\nos._exit(4)\n' })
    await expect((await dying.start()).facts()).rejects.toMatchObject({
      code: 'RUNTIME-FAILED',
      message: expect.stringContaining('exit code 4'),
    })
  })
})
