import { connect } from '../server.ts'
import type { ToolInTests } from './real-tools.ts'
import type { Shop } from './shop.ts'

/** The third migration of a tree of two: it makes a table and then waits, in its transaction. */
export function slowMigration(name: ToolInTests, waits: string): { file: string; text: string } {
  const [file, text] = files[name]
  return { file, text: text(['create table slow (id int)', waits]) }
}

/** What a migration waits for that ends with `open`. It is no lock, so that no lock_timeout ends the wait. */
export interface Gate {
  waits: string
  isWaitedFor: () => Promise<boolean>
  open: () => Promise<void>
}

/** A closed gate in the database of a shop. */
export async function closedGate(s: Shop): Promise<Gate> {
  const session = await connect(s.url)
  await session.query("set application_name = 'gate'")
  await session.query(`create function wait_at_gate() returns void language plpgsql as $$ begin
    while exists (select from pg_stat_get_activity(null) where application_name = 'gate' and datid = (select oid from pg_database where datname = current_database())) loop
      perform pg_sleep(0.02);
      perform pg_stat_clear_snapshot();
    end loop;
  end $$`)
  const atGate =
    "select 1 from pg_stat_activity where datname = current_database() and state = 'active' and query like '%wait_at_gate%' and pid <> pg_backend_pid()"
  return { waits: 'select wait_at_gate()', isWaitedFor: async () => (await s.rows(atGate)).length > 0, open: () => session.end() }
}

const files: Record<ToolInTests, [file: string, text: (statements: readonly string[]) => string]> = {
  'golang-migrate': ['0003_slow.up.sql', (all) => all.join(';')],
  goose: ['0003_slow.sql', (all) => `-- +goose Up\n${all.join(';\n')};\n-- +goose Down\ndrop table slow;\n`],
  dbmate: ['20240101000003_slow.sql', (all) => `-- migrate:up\n${all.join(';\n')};\n-- migrate:down\ndrop table slow;\n`],
  diesel: ['20240101000003_slow/up.sql', (all) => all.join(';')],
  typeorm: [
    '1700000000003-slow.ts',
    (all) =>
      `import { QueryRunner } from 'typeorm'\nexport class Slow1700000000003 {\n  async up(runner: QueryRunner) {\n${all.map((one) => `    await runner.query(${JSON.stringify(one)})\n`).join('')}  }\n  async down(runner: QueryRunner) {\n    await runner.query('drop table slow')\n  }\n}\n`,
  ],
  alembic: [
    'versions/a0003_slow.py',
    (all) =>
      `from alembic import op\nrevision = 'a0003'\ndown_revision = 'a0002'\n\n\ndef upgrade():\n${all.map((one) => `    op.execute(${JSON.stringify(one)})\n`).join('')}\n\ndef downgrade():\n    op.execute('drop table slow')\n`,
  ],
}
