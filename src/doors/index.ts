import type { Door } from './door.ts'

/** A door in the list: what it is, and the way to it. It is loaded when it is asked for, so that no other command starts later for it. */
export interface Listed {
  /** One line for `skein as --help`. */
  about: string
  load: () => Promise<Door>
}

/** Each tool whose command line `skein as TOOL …` takes, by the name that is typed. One folder here and one line in this list make a door. */
export const doors: Readonly<Record<string, Listed>> = {
  'golang-migrate': {
    about: 'golang-migrate 4: migrate up, down, goto, force, drop, version, create; also the command `migrate`',
    load: async () => (await import('./golang-migrate/index.ts')).golangMigrate,
  },
  diesel: { about: 'diesel_cli 2.2: diesel migration run, revert, redo …', load: async () => (await import('./diesel/index.ts')).diesel },
  typeorm: {
    about: 'TypeORM 0.3 and 1: typeorm migration:run, migration:revert, migration:show …',
    load: async () => (await import('./typeorm/index.ts')).typeorm,
  },
  alembic: {
    about: 'Alembic 1: alembic upgrade, downgrade, stamp, current, history …',
    load: async () => (await import('./alembic/index.ts')).alembic,
  },
  numbered: {
    about: 'the runner of NNN_name.up.sql: -action=up, down, status, verify, generate; also the command `migrate`',
    load: async () => (await import('./numbered/run.ts')).numbered,
  },
  stamped: {
    about: 'the runner of stamped files: -action=create, up, down -service=S; also the command `migrator`',
    load: async () => (await import('./stamped/run.ts')).stamped,
  },
}
