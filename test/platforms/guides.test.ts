/** The commands of two platforms' guides as they are printed, by a shell, in the folder that they are meant for; `diesel` and `alembic` are two lines of shell. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { spawn } from 'node:child_process'
import { freshDatabase, temporaryFolder } from '../server.ts'
import { sql } from '../cli/kit.ts'
import { copyOf } from './examples.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin')

interface Guide {
  /** Runs a line of the guide in this folder and expects it to succeed. Gives all that it said. */
  run: (line: string, answer?: string) => Promise<string>
  query: <Row extends Record<string, unknown>>(text: string) => Promise<Row[]>
}

/** A service's folder with a database of its own, under DATABASE_URL and the variable that its platform names. */
async function guide(folder: string, variable: string): Promise<Guide> {
  const { url } = await freshDatabase()
  const shims = join(temporaryFolder(), 'bin')
  mkdirSync(shims)
  for (const tool of ['diesel', 'alembic']) {
    writeFileSync(join(shims, tool), `#!/bin/sh\nexec skein as ${tool} "$@"\n`)
    chmodSync(join(shims, tool), 0o755)
  }
  const env = { ...process.env, PATH: [shims, bin, process.env['PATH']].join(delimiter), DATABASE_URL: url, [variable]: url }
  const run = async (line: string, answer = '') => {
    const child = spawn('/bin/sh', ['-c', line], { cwd: folder, env })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
    child.stdin.end(answer)
    const code = await new Promise((done) => child.once('close', done))
    expect(code, `${line}\n${said}`).toBe(0)
    return said
  }
  return { run, query: (text) => sql(url, text) }
}

describe.concurrent('the commands of the guides, as printed', () => {
  it('TypeORM’s services: generate, run, revert by npm', { timeout: 60_000 }, async () => {
    const folder = join(copyOf('tablium'), 'services', 'auth')
    const { run, query } = await guide(folder, 'AUTH_DATABASE_URL')
    await run('npm run migration:run')
    expect(await query('select count(*)::int as n from migrations')).toEqual([{ n: 4 }])
    await run('npm run migration:generate -- -n MigrationName')
    expect(readdirSync(join(folder, 'src/database/migrations')).filter((name) => /^\d{14}-migration-name\.ts$/.test(name))).toHaveLength(1)
    await run('npm run migration:revert')
    expect(await query('select count(*)::int as n from migrations')).toEqual([{ n: 3 }])
  })

  it('the Go services: create, up, down', { timeout: 60_000 }, async () => {
    const folder = join(copyOf('tablium'), 'services', 'game-state')
    const { run, query } = await guide(folder, 'GAME_STATE_DATABASE_URL')
    await run('migrate -database ${DATABASE_URL} -path db/migrations up')
    expect(await query('select version::text, dirty from schema_migrations')).toEqual([{ version: '20250320080000', dirty: false }])
    await run('migrate -database ${DATABASE_URL} -path db/migrations down', 'y\n')
    expect(await query('select version from schema_migrations')).toEqual([])
    await run('mkdir -p other/db/migrations && cd other && migrate create -ext sql -dir db/migrations -seq migration_name')
    expect(readdirSync(join(folder, 'other/db/migrations')).sort()).toEqual([
      '000001_migration_name.down.sql',
      '000001_migration_name.up.sql',
    ])
  })

  it('the wallet: generate, run, revert', { timeout: 60_000 }, async () => {
    const folder = join(copyOf('tablium'), 'services', 'wallet')
    const { run, query } = await guide(folder, 'WALLET_DATABASE_URL')
    expect(await run('diesel migration run')).toContain('Running migration 20250305100000_create_wallets')
    const [before] = await query<{ n: number }>('select count(*)::int as n from __diesel_schema_migrations')
    expect(await run('diesel migration revert')).toContain('Rolling back migration 20250402083000_forbid_negative_balances')
    expect(await query('select count(*)::int as n from __diesel_schema_migrations')).toEqual([{ n: (before?.n ?? 0) - 1 }])
    await run('diesel migration generate migration_name')
    const [made] = readdirSync(join(folder, 'migrations')).filter((name) => name.endsWith('_migration_name'))
    expect(readdirSync(join(folder, 'migrations', made as string)).sort()).toEqual(['down.sql', 'up.sql'])
  })

  it('the AI engine: revision --autogenerate, upgrade, downgrade', { timeout: 60_000 }, async () => {
    const folder = join(copyOf('tablium'), 'services', 'ai-engine')
    const { run, query } = await guide(folder, 'AI_ENGINE_DATABASE_URL')
    await run('alembic upgrade head')
    expect(await query('select version_num from alembic_version')).toEqual([{ version_num: 'f04b38a6e91d' }])
    // The program's tables got a column since.
    const models = readFileSync(join(folder, 'models.py'), 'utf8')
    writeFileSync(join(folder, 'models.py'), models.replace('    score = ', '    note = mapped_column(Text)\n    score = '))
    await run('alembic revision --autogenerate -m "migration_name"')
    const [made] = readdirSync(join(folder, 'alembic/versions')).filter((name) => /^[0-9a-f]{12}_migration_name\.py$/.test(name))
    await run('alembic upgrade head')
    expect(await query('select version_num from alembic_version')).toEqual([{ version_num: (made as string).slice(0, 12) }])
    const note = "select count(*)::int as n from information_schema.columns where table_name = 'predictions' and column_name = 'note'"
    expect(await query(note)).toEqual([{ n: 1 }])
    await run('alembic downgrade -1')
    expect(await query(note)).toEqual([{ n: 0 }])
    expect(await query('select version_num from alembic_version')).toEqual([{ version_num: 'f04b38a6e91d' }])
  })

  it('lumi-go: create, up, up N, down 1, force, version', { timeout: 60_000 }, async () => {
    const folder = copyOf('lumi-go')
    const { run, query } = await guide(folder, 'LUMI_DATABASE_URL')
    const database = '-database "$DATABASE_URL" \\\n        -path migrations'
    const row = () => query('select version::int, dirty from schema_migrations')
    await run(`migrate ${database} up 2`)
    expect(await row()).toEqual([{ version: 2, dirty: false }])
    await run(`migrate ${database} up`)
    expect(await row()).toEqual([{ version: 7, dirty: false }])
    await run(`migrate ${database} down 1`)
    expect(await run(`migrate ${database} version`)).toBe('6\n')
    await run(`migrate ${database} force 1`)
    expect(await row()).toEqual([{ version: 1, dirty: false }])
    // A dirty version, as the guide gets out of it.
    await run(`migrate ${database} force 6`)
    await query('update schema_migrations set dirty = true')
    expect(await run('migrate -database $DATABASE_URL -path migrations version')).toBe('6 (dirty)\n')
    await run('migrate -database $DATABASE_URL -path migrations force 6')
    await run('migrate -database $DATABASE_URL -path migrations up')
    expect(await row()).toEqual([{ version: 7, dirty: false }])
    await run('migrate create -ext sql -dir migrations -seq create_users_table')
    expect(readdirSync(join(folder, 'migrations'))).toContain('000008_create_users_table.up.sql')
  })
})
