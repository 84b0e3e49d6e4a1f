import type { Topic } from '../topic.ts'

export const toolsTopic: Topic = {
  name: 'tools',
  about: 'whose migrations Skein reads, and which table it keeps',
  text: `  tool            files                             table
  golang-migrate  000001_name.up.sql, .down.sql     schema_migrations
  diesel          2024-01-01-000000_name/up.sql     __diesel_schema_migrations
  typeorm         1700000000000-name.ts (or .js)    migrations
  alembic         alembic/versions/*.py             alembic_version
  goose           00001_name.sql, -- +goose Up      goose_db_version
  dbmate          20240101120000_name.sql           schema_migrations
  numbered        001_name.up.sql, 001_name_up.sql  migration_records
  stamped         20240101120000_a1b2c3d4_x.up.sql  schema_migrations

The tool is told from the files. Where two fit, say which: tool: NAME under
the service in skein.yaml. Its table is kept as that tool would, so that you
can go back to it any day. Migrations in code (typeorm, alembic) run in their
own service's program.

  skein init            find the services here and write skein.yaml
  skein as diesel …     that tool's own command line, word for word`,
  more: ['reference/tools.md', 'reference/differences.md', 'guides/code-migrations.md'],
}
