/** A line as somebody types it in examples/go-factory, one behind the other on one database, and what comes of it. */
export interface Line {
  line: string
  /** 0 where none is said. */
  code?: number
  stdout?: string | RegExp
  stderr?: string | RegExp
  /** What somebody at a terminal answers. */
  answer?: string
  in?: string
  /** How many migrations of each service are applied afterwards. */
  applied?: Readonly<Record<string, number>>
}

const everything = { auth: 3, core: 3, notification: 3, platform: 3, reporting: 3, tenant: 3, user: 4 }
const without = (gone: string) => Object.fromEntries(Object.entries(everything).filter(([name]) => name !== gone))
const three = { core: 3, tenant: 3, auth: 3 }
const nothing = 'nothing to do\n'

/** Every line of the guide of such a platform, and what people do besides. */
export const guide: readonly Line[] = [
  // Run migrations
  {
    line: 'migrator -action=up -service=core',
    stdout: /^✓ 3 migrations applied in /,
    stderr: /^✓ core 20240101000000/,
    applied: { core: 3 },
  },
  { line: 'migrator -action=up -service=core', stdout: nothing, applied: { core: 3 } },
  { line: 'migrator -action=up -service=auth', code: 1, stdout: '', stderr: /^NEED-PENDING: /, applied: { core: 3 } },
  { line: 'migrator -action=up -service=tenant -dry-run', stdout: /create table tenants/i, applied: { core: 3 } },
  { line: 'migrator -action=up -service=tenant', stdout: /^✓ 3 migrations applied in /, applied: { core: 3, tenant: 3 } },
  { line: 'migrator --action=up --service=auth_service', stdout: /^✓ 3 migrations applied in /, applied: three },
  { line: 'migrator -action up -service user', stdout: /^✓ 4 migrations applied in /, applied: { ...three, user: 4 } },
  { line: 'migrator -action=up -service=all', stdout: /^✓ 9 migrations applied in /, applied: everything },
  { line: 'migrator -action=up -service=all', stdout: nothing, applied: everything },
  { line: './scripts/migrate.sh --action=up --service=all', stdout: nothing },
  { line: 'migrator -action=up -service=all', in: 'database/migrations', stdout: nothing },
  // Roll back: everything of one service
  { line: 'migrator -action=down -service=reporting -dry-run', stdout: /drop (?:table|view)/i, applied: everything },
  { line: 'migrator -action=down -service=reporting', stdout: /^✓ 3 migrations taken back in /, applied: without('reporting') },
  { line: 'migrator -action=down -service=reporting', stdout: nothing },
  { line: './scripts/migrate.sh --action=down --service=notification', stdout: /^✓ 3 migrations taken back in / },
  { line: 'migrator -action=up -service=all', stdout: /^✓ 6 migrations applied in /, applied: everything },
  // Users belong to tenants: such a runner would have stopped at a foreign key, half-way.
  {
    line: 'migrator -action=down -service=tenant',
    code: 1,
    stdout: '',
    stderr: /^NEEDED-BY: [^]*next: add -with-dependants/,
    applied: everything,
  },
  { line: 'migrator -action=down -service=tenant -with-dependants -dry-run', stdout: /drop table/i, applied: everything },
  { line: 'migrator -action=down -service=tenant -with-dependants', stdout: /^✓ 19 migrations taken back in /, applied: { core: 3 } },
  { line: 'migrator -action=up -service=all', stdout: /^✓ 19 migrations applied in /, applied: everything },
  // All of all services, for somebody who says so
  {
    line: 'migrator -action=down -service=all',
    code: 1,
    stdout: '',
    stderr: /CONFIRM-NEEDED: all 22 migrations [^]*-yes/,
    applied: everything,
  },
  {
    line: 'migrator -action=down -service=all',
    answer: 'n',
    code: 1,
    stderr: /take back all 22 migrations of all services\? \[y\/N\] [^]*not confirmed/,
    applied: everything,
  },
  { line: 'migrator -action=down -service=all', answer: '', code: 1, stderr: /not confirmed/, applied: everything },
  { line: 'migrator -action=down -service=all -dry-run', stdout: /drop table/i, applied: everything },
  { line: 'migrator -action=down -service=all', answer: 'y', stdout: /^✓ 22 migrations taken back in /, applied: {} },
  { line: 'migrator -action=down -service=all -yes', stdout: nothing, applied: {} },
  { line: 'migrator -action=up -service=all', stdout: /^✓ 22 migrations applied in /, applied: everything },
  { line: './scripts/migrate.sh --action=down --service=all --yes', stdout: /^✓ 22 migrations taken back in /, applied: {} },
  // Create
  {
    line: 'migrator -action=create -service=tenant -name=create_tenants_table -dry-run',
    stdout: /^database\/migrations\/tenant_service\/\d{14}_[0-9a-f]{8}_create_tenants_table\.up\.sql\n/,
    stderr: /^would create tenant /,
  },
  {
    line: 'migrator -action=create -service=tenant -name=create_tenants_table',
    stdout: /^database\/migrations\/tenant_service\/(\d{14}_[0-9a-f]{8}_create_tenants_table)\.up\.sql\n.*\/\1\.down\.sql\n$/,
    stderr: /^created tenant \d{14}_[0-9a-f]{8}_create_tenants_table\n$/,
  },
  {
    line: './scripts/migrate.sh --action=create --service=user_service --name="add user notes"',
    stdout: /^database\/migrations\/user_service\/\d{14}_[0-9a-f]{8}_add_user_notes\.up\.sql\n/,
  },
  // What is not there
  { line: 'migrator -action=up -service=tenants', code: 1, stdout: '', stderr: /SERVICE-UNKNOWN: [^]*tenant/ },
  { line: 'migrator -action=up -service=../core', code: 1, stdout: '', stderr: /SERVICE-UNKNOWN/ },
  { line: 'migrator -help', stdout: '', stderr: /^Usage of migrator:\n {2}-action string\n/ },
  { line: 'migrator -h', stdout: '', stderr: /^Usage of migrator:\n/ },
]

/** Command lines that are wrong, by what is said first: exit code 2, and nothing done. */
export const wrong: Readonly<Record<string, string | RegExp>> = {
  migrator: '-action is required: create, up, down',
  'migrator -action=up': '-service is required: a service, or all',
  'migrator -action=create': '-service is required: a service',
  'migrator -action=create -service=all -name=x': 'create makes one migration: name one service',
  'migrator -action=create -service=tenant': /^-name is required/,
  'migrator -action=status -service=tenant': 'unknown action: status; use create, up, down',
  'migrator -action=up -service=tenant -force': 'flag provided but not defined: -force',
  'migrator -action=up -service': 'flag needs an argument: -service',
  'migrator -action=up tenant': 'unexpected argument: tenant',
  'migrator -action=down -service=all -yes=perhaps': 'invalid boolean value "perhaps" for -yes: parse error',
}
