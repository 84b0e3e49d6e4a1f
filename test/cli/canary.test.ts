import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connect, freshDatabase, temporaryFolder } from '../server.ts'
import { folderOf, shopFiles, skein, sql, type Ran } from './kit.ts'

const canary = 'c4nary-P@ss/w0rd'
const forms = [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64'), 'c4nary']

describe('a password', () => {
  it('goes through every verb, succeeding and failing, and is seen nowhere', async () => {
    const { url, name } = await freshDatabase()
    await sql(
      url,
      `create role ${name} login password '${canary}'; grant all on database ${name} to ${name}; grant all on schema public to ${name}`,
    )
    const address = new URL(url)
    const inUrl = `postgresql://${name}:${encodeURIComponent(canary)}@${address.host}/${name}?sslmode=disable`
    const db = { DB_HOST: address.hostname, DB_PORT: address.port, DB_USER: name, DB_NAME: name, DB_SSLMODE: 'disable' }
    const pg = { PGHOST: address.hostname, PGPORT: address.port, PGUSER: name, PGDATABASE: name }
    const home = temporaryFolder()
    writeFileSync(join(home, '.pgpass'), `${address.hostname}:${address.port}:${name}:${name}:${canary.replaceAll('\\', '\\\\')}\n`)
    chmodSync(join(home, '.pgpass'), 0o600)
    const plain = folderOf(shopFiles())
    const named = folderOf({ ...shopFiles(), 'skein.yaml': 'database: ${SHOP_URL}\nservices:\n  shop: { path: migrations }\n' })
    const shop = ['DATABASE_URL', { DATABASE_URL: inUrl }, plain] as const
    const ways = [
      shop,
      ['a variable of the workspace file', { SHOP_URL: inUrl }, named],
      ['DB_PASSWORD', { ...db, DB_PASSWORD: canary }, plain],
      ['PGPASSWORD', { ...pg, PGPASSWORD: canary }, plain],
      ['.pgpass', { ...pg, HOME: home }, plain],
    ] as const
    const ran: Ran[] = []
    const processes: string[] = []
    const sessions: string[] = []
    async function go(folder: string, args: readonly string[], env: NodeJS.ProcessEnv, exit: number): Promise<void> {
      const child = { pid: 0 }
      const done = skein(folder, args, { env, onStart: ({ pid }) => (child.pid = pid ?? 0) })
      const watch = setInterval(() => {
        try {
          processes.push(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'))
        } catch {
          // gone, or no /proc here
        }
      }, 50)
      const result = await done.finally(() => clearInterval(watch))
      expect({ args, code: result.code, said: result.stderr }).toEqual({ args, code: exit, said: result.stderr })
      ran.push(result)
    }

    // Every way in.
    for (const [, env, folder] of ways) await go(folder, ['status', '--json', '--verbose'], env, 0)

    // Every verb that succeeds.
    const [, env] = shop
    const words = ['--json', '--verbose']
    const observer = await connect(url)
    const watching = setInterval(() => {
      void observer
        .query('select application_name, query from pg_stat_activity')
        .then(({ rows }) => sessions.push(JSON.stringify(rows)))
        .catch(() => undefined)
    }, 100)
    for (const [args, exit] of [
      [['plan'], 0],
      [['up', '--dry-run'], 0],
      [['up', '--log-format', 'json', '--verbose'], 0],
      [['logs', ...words], 0],
      [['verify', ...words], 0],
      [['locks', ...words], 0],
      [['down', '--yes', ...words], 0],
      [['redo', '--yes', '--log-format', 'link'], 0],
      [['goto', '2', '--yes'], 0],
      [['force', '1', '--yes', ...words], 0],
      [['mark', '2', '--applied', '--because', 'seen', ...words], 0],
      [['adopt', '--verbose'], 0],
      [['baseline', '1', '--yes'], 2],
      [['wait'], 0],
      [['reset', '--yes', ...words], 0],
      [['init', ...words], 0],
    ] as [string[], number][])
      await go(plain, args, env, exit)

    // And failing: a wrong password, nobody there, a syntax error, a locked table.
    const wrong = inUrl.replace(encodeURIComponent(canary), `${encodeURIComponent(canary)}x`)
    const down = inUrl.replace(address.host, '127.0.0.1:1')
    for (const bad of [wrong, down])
      for (const args of [['up'], ['status', ...words], ['plan', '--json'], ['up', '--log-format', 'json']])
        await go(plain, args, { DATABASE_URL: bad }, 3)
    const fresh = folderOf(shopFiles())
    await go(fresh, ['up'], { DATABASE_URL: `${inUrl}&sslmode=nonsense` }, 2)
    await go(fresh, ['up'], { DATABASE_URL: inUrl, DB_HOST: 'elsewhere', DB_PASSWORD: canary }, 2)
    const failing = folderOf({ ...shopFiles(), 'migrations/000003_bad.up.sql': 'alter table items add column name text;\n' })
    for (const args of [
      ['up', ...words],
      ['up', '--verbose', '--log-format', 'json'],
    ])
      await go(failing, args, env, 1)
    const waiting = folderOf({ ...shopFiles(), 'migrations/000003_wide.up.sql': 'alter table items add column wide text;\n' })
    await observer.query('begin; lock table items')
    await go(waiting, ['up', '--timeout', '2s', '--verbose', '--log-format', 'json'], env, 6)
    await observer.query('rollback')
    clearInterval(watching)

    const ledger = await observer.query<{ tables: string[] }>(
      "select array_agg(format('%I.%I', schemaname, tablename)) as tables from pg_tables where schemaname in ('public', 'skein')",
    )
    const rows: string[] = []
    for (const table of ledger.rows[0]?.tables ?? [])
      rows.push(JSON.stringify((await observer.query(`select t::text from ${table} t`)).rows))
    await observer.end()

    const places: [string, string[]][] = [
      ['stdout', ran.map(({ stdout }) => stdout)],
      ['stderr', ran.map(({ stderr }) => stderr)],
      ['files', [plain, named, failing, waiting].flatMap(texts)],
      ['tables', rows],
      ['pg_stat_activity', sessions],
      ['/proc/<pid>/cmdline', processes],
    ]
    for (const [place, found] of places)
      for (const text of found) for (const form of forms) expect(text.includes(form) ? `${place}: ${text}` : '').toBe('')
    expect(sessions.length).toBeGreaterThan(0)
    expect(rows.length).toBeGreaterThan(3)
  }, 240_000)
})

/** Every file below a folder. */
function texts(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? texts(path) : [readFileSync(path, 'utf8')]
  })
}
