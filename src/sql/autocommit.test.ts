import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, majors } from '../../test/server.ts'
import { analyse, loadParser } from './front.ts'

/** What must be there for the statements below. */
const setup = `
  create table t (a int primary key, b text);
  create index t_b on t (b);
  create table parted (a int) partition by range (a);
  create table part partition of parted for values from (0) to (10);
  create materialized view mv as select 1 as a;
  create unique index mv_a on mv (a);
  create type mood as enum ('sad');
  create procedure commits() language plpgsql as $$ begin commit; end $$;
`

const subscription = (name: string) =>
  `create subscription ${name} connection 'host=127.0.0.1 port=1 dbname=none' publication p with (connect = false)`

/** [statement, first version]: refused inside a transaction block on these versions, and marked on them only. */
const refused: [sql: string, from?: number][] = [
  ['create index concurrently on t (b)'],
  ['create unique index concurrently if not exists i on t (b)'],
  ['drop index concurrently t_b'],
  ['reindex index concurrently t_b'],
  ['reindex table concurrently t'],
  ['reindex (concurrently) table t', 14],
  ['reindex schema public'],
  ['reindex database CURRENT'],
  ['reindex system CURRENT'],
  ['vacuum'],
  ['vacuum (analyze) t'],
  ['cluster'],
  ['create database x'],
  ['drop database if exists x'],
  ['alter database CURRENT set tablespace pg_default'],
  ["create tablespace x location '/nowhere'"],
  ['drop tablespace if exists x'],
  ["alter system set work_mem = '4MB'"],
  ['alter system reset all'],
  ['alter table parted detach partition part concurrently', 14],
  ["create subscription x connection 'host=127.0.0.1 port=1' publication p"],
  ["create subscription x connection 'host=127.0.0.1 port=1' publication p with (create_slot = true, enabled = false)"],
  ['drop subscription has_slot'],
  ['alter subscription enabled refresh publication', 14],
  ['alter subscription enabled set publication q', 14],
  ['alter subscription enabled add publication q', 14],
  ['alter subscription has_slot set (failover = true)', 17],
  ['alter subscription has_slot set (two_phase = false)', 18],
  ['discard all'],
  ["commit prepared 'x'"],
  ["rollback prepared 'x'"],
  ['do $$ begin commit; end $$'],
  ["do $$ begin if true then rollback; end if; end $$ language 'plpgsql'"],
]

/** Often taken for such, and fine in a transaction block; [statement, first version that has it]. */
const allowed: [sql: string, since?: number][] = [
  ['create index on t (b)'],
  ['drop index t_b'],
  ['reindex table t'],
  ['reindex index t_b'],
  ['analyze t'],
  ['cluster t using t_b'],
  ['refresh materialized view mv'],
  ['refresh materialized view concurrently mv'],
  ["alter type mood add value 'happy'"],
  ['alter table parted detach partition part'],
  ['truncate t'],
  ['lock table t in access exclusive mode'],
  ['create role some_role'],
  ['alter database CURRENT connection limit 50'],
  ["alter database CURRENT set work_mem = '4MB'"],
  ['alter database CURRENT refresh collation version', 15],
  ['alter tablespace pg_default set (random_page_cost = 1)'],
  ['create extension if not exists plpgsql'],
  ['create publication p for table t'],
  [subscription('y')],
  ['alter subscription slotless set (slot_name = none); drop subscription slotless'],
  ['alter subscription has_slot disable'],
  ['alter subscription enabled set publication q with (refresh = false)'],
  ['alter subscription has_slot set (slot_name = none)'],
  ['discard temp'],
  ['discard plans'],
  ['checkpoint'],
  ['do $$ begin perform 1; -- commit;\n end $$'],
]

beforeAll(loadParser)

describe.each([...new Set([majors()[0], majors().at(-1)])])('PostgreSQL %i', (major = 18) => {
  let client: pg.Client
  let database: Awaited<ReturnType<typeof freshDatabase>>
  const here = (sql: string) => sql.replace('CURRENT', database.name)

  beforeAll(async () => {
    database = await freshDatabase(major)
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(setup)
    for (const name of ['has_slot', 'slotless', 'enabled']) {
      await client.query(subscription(name))
      if (name !== 'slotless') await client.query(`alter subscription ${name} set (slot_name = 'none_there')`)
    }
    await client.query('alter subscription enabled enable')
  })

  afterAll(async () => {
    for (const name of ['has_slot', 'slotless', 'enabled']) {
      await client.query(`alter subscription ${name} disable`)
      await client.query(`alter subscription ${name} set (slot_name = none)`)
      await client.query(`drop subscription ${name}`)
    }
    await client.end()
    await database.drop()
  })

  it.each(refused)('marks what it refuses: %s', async (sql, from = 0) => {
    const answer = await inTransaction(client, here(sql))
    const marked = analyse(here(sql), { serverVersion: major }).statements[0]?.autocommit
    const isSyntax = answer === '42601' || answer === '42704' || answer === '22023'
    if (major >= from) {
      expect(['25001', '2D000']).toContain(answer)
      expect(marked).toBeDefined()
    } else {
      expect(['25001', '2D000']).not.toContain(answer)
      expect(marked === undefined || isSyntax).toBe(true)
    }
  })

  it('marks a call of a procedure that commits, where the file tells', async () => {
    const text = 'create or replace procedure commits() language plpgsql as $$ begin commit; end $$; call commits()'
    expect(await inTransaction(client, 'call commits()')).toBe('2D000')
    expect(analyse(text).statements[1]?.autocommit).toBeDefined()
  })

  it.each(allowed.filter(([, since = 0]) => major >= since))('leaves what it allows: %s', async (sql) => {
    expect(await inTransaction(client, here(sql))).toBe('ok')
    expect(analyse(here(sql), { serverVersion: major }).statements.at(-1)?.autocommit).toBeUndefined()
  })
})

/** `ok`, or the SQLSTATE. Nothing is left. */
async function inTransaction(client: pg.Client, sql: string): Promise<string> {
  await client.query('begin')
  try {
    await client.query(sql)
    return 'ok'
  } catch (error) {
    return error instanceof pg.DatabaseError ? (error.code ?? '') : String(error)
  } finally {
    await client.query('rollback')
  }
}
