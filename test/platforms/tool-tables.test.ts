import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { majors } from '../server.ts'
import { allExamples, examples, install, type Installed } from './examples.ts'

const installed = new Map<string, Promise<Installed>>()

/** Up, once for each example, on the oldest version of this run. */
async function upOf(folder: string, environment?: string): Promise<Installed> {
  const example = allExamples.find((one) => one.folder === folder && one.environment === environment)
  if (example === undefined) throw new Error(`there is no example ${folder} ${environment}`)
  const key = `${folder} ${environment}`
  const made = installed.get(key) ?? install(example, Math.min(...majors())).then(async (one) => (await one.migrate('up', undefined), one))
  installed.set(key, made)
  return made
}

afterAll(async () => {
  for (const one of installed.values()) await (await one).end()
})

/** Rows as `a|b|c`: what a person would see in psql -A. */
async function rowsOf(folder: string, variable: string, text: string, environment?: string): Promise<string[]> {
  const rows = await (await upOf(folder, environment)).session(variable).query<Record<string, unknown>>(text)
  return rows.map((row) => Object.values(row).map(String).join('|'))
}

describe("the tools' tables after up", () => {
  it("tablium: TypeORM's rows in the order of their timestamps, two classes of one file among them, and a table named in the DataSource", async () => {
    const select = (table: string) => `select id, timestamp, name from ${table} order by id`
    expect(await rowsOf('tablium', 'AUTH_DATABASE_URL', select('migrations'))).toEqual([
      '1|1615213400000|EnableUuid1615213400000',
      '2|1615213456789|CreateUsersTable1615213456789',
      '3|1615300000000|CreateRolesAndPermissions1615300000000',
      '4|1615386400000|IndexUsersByCreation1615386400000',
    ])
    expect(await rowsOf('tablium', 'USER_DATABASE_URL', select('migrations'))).toEqual([
      '1|1615464000000|CreateProfiles1615464000000',
      '2|1615550400000|CreateAchievements1615550400000',
      '3|1615809600000|CreateStatistics1615809600000',
      '4|1615809660000|FillStatistics1615809660000',
    ])
    expect(await rowsOf('tablium', 'INTEGRATION_DATABASE_URL', select('integration_migrations'))).toEqual([
      '1|1649149200000|CreateProviders1649149200000',
      '2|1649754000000|CreateWebhooks1649754000000',
    ])
  })

  it("tablium: Alembic's one head behind a merge", async () => {
    expect(await rowsOf('tablium', 'AI_ENGINE_DATABASE_URL', 'select version_num from alembic_version')).toEqual(['f04b38a6e91d'])
  })

  it("tablium: golang-migrate's one row for each Go service", async () => {
    const select = 'select version, dirty from schema_migrations'
    expect(await rowsOf('tablium', 'API_GATEWAY_DATABASE_URL', select)).toEqual(['20250324060000|false'])
    expect(await rowsOf('tablium', 'GAME_STATE_DATABASE_URL', select)).toEqual(['20250320080000|false'])
    expect(await rowsOf('tablium', 'REALTIME_DATABASE_URL', select)).toEqual(['20250328060000|false'])
  })

  it("tablium: Diesel's row for each migration of the wallet, the setup's among them", async () => {
    const select = 'select version, run_on is not null as run from __diesel_schema_migrations order by version'
    expect(await rowsOf('tablium', 'WALLET_DATABASE_URL', select)).toEqual([
      '00000000000000|true',
      '20250305100000|true',
      '20250305103000|true',
      '20250311090000|true',
      '20250318120000|true',
      '20250402083000|true',
    ])
  })

  it('link: a record for each migration, and the version of each service', async () => {
    expect(await rowsOf('link', 'LINK_DATABASE_URL', 'select service, version, name from migration_records order by id')).toEqual([
      'discovery-svc|0|create_users',
      'discovery-svc|1|create_user_preferences',
      'discovery-svc|2|add_user_avatar',
      'discovery-svc|3|create_user_availability',
      'discovery-svc|4|create_ranking_configurations',
      'discovery-svc|5|create_ranking_weights',
      'discovery-svc|6|index_available_users',
      'discovery-svc|7|link_preferences_to_users',
      'discovery-svc|8|touch_updated_at',
      'discovery-svc|9|create_discoverable_users',
      'discovery-svc|10|add_new_email',
      'discovery-svc|11|populate_new_email',
      'discovery-svc|12|remove_old_email',
      'discovery-svc|13|require_email',
      'ai-svc|1|create_ai_tables',
      'ai-svc|2|create_ai_usage_stats',
      'ai-svc|3|index_open_ai_requests',
      'ai-svc|4|archive_conversations',
      'chat-svc|1|create_chat_tables',
      'chat-svc|2|create_message_reads',
      'chat-svc|3|add_message_edits',
      'chat-svc|4|count_unread_messages',
    ])
    expect(await rowsOf('link', 'LINK_DATABASE_URL', 'select service, version, description from schema_versions order by service')).toEqual(
      ['ai-svc|4|archive_conversations', 'chat-svc|4|count_unread_messages', 'discovery-svc|13|require_email'],
    )
  })

  it('link: the checksum is the SHA-256 of the file', async () => {
    const select = "select checksum from migration_records where service = 'chat-svc' order by version"
    const files = ['001_create_chat_tables.up', '002_create_message_reads_up', '003_add_message_edits.up', '004_count_unread_messages_up']
    const hashes = files.map((file) =>
      createHash('sha256')
        .update(readFileSync(join(examples, 'link', 'chat-svc', 'migrations', `${file}.sql`)))
        .digest('hex'),
    )
    expect(await rowsOf('link', 'LINK_DATABASE_URL', select)).toEqual(hashes)
  })

  it("go-factory: file names and the folder's name", async () => {
    const select = 'select service, version from schema_migrations order by service collate "C", version collate "C"'
    expect(await rowsOf('go-factory', 'GO_FACTORY_DATABASE_URL', select)).toEqual([
      'auth_service|20240101130000_d4e5f6a7_create_roles_and_permissions',
      'auth_service|20240103100000_e5f6a7b8_create_credentials_table',
      'auth_service|20240110100000_f6a7b8c9_create_auth_sessions_table',
      'core|20240101000000_0c1d2e3f_create_extensions',
      'core|20240101000100_1f2e3d4c_create_shared_types',
      'core|20240101000200_9a8b7c6d_create_shared_functions',
      'notification_service|20240203090000_b4c5d6e7_create_notifications_table',
      'notification_service|20240206090000_c5d6e7f8_create_webhooks_table',
      'notification_service|20240219090000_d6e7f8a9_track_read_notifications',
      'platform_service|20240201080000_e1f2a3b4_create_projects_table',
      'platform_service|20240202080000_f2a3b4c5_create_builds_table',
      'platform_service|20240212080000_a3b4c5d6_number_builds',
      'reporting_service|20240204100000_e7f8a9b0_create_kpis',
      'reporting_service|20240207100000_f8a9b0c1_create_dashboards_table',
      'reporting_service|20240214100000_a9b0c1d2_create_tenant_activity',
      'tenant_service|20240101120000_a1b2c3d4_create_tenants_table',
      'tenant_service|20240102090000_b2c3d4e5_create_tenant_domains_table',
      'tenant_service|20240108090000_c3d4e5f6_isolate_tenants',
      'user_service|20240102140000_a7b8c9d0_create_users_table',
      'user_service|20240104110000_b8c9d0e1_create_profiles_and_preferences',
      'user_service|20240112090000_c9d0e1f2_create_user_roles_table',
      'user_service|20240205070000_d0e1f2a3_index_active_users',
    ])
  })

  it.each([undefined, 'development', 'staging', 'production'])(
    'user-service, %s: the newest version in its own table',
    async (environment) => {
      const select = 'select version, dirty from public.user_service_schema_migrations'
      expect(await rowsOf('user-service', 'USER_SERVICE_DATABASE_URL', select, environment)).toEqual(['8|false'])
    },
  )

  it.each([
    [undefined, [1, 2, 4, 5, 6, 8]],
    ['development', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['staging', [1, 2, 3, 4, 5, 6, 8]],
    ['production', [1, 2, 4, 5, 6, 7, 8]],
  ])('user-service, %s: the ledger tells which ones', async (environment, versions) => {
    const select = 'select version from skein.applied where undone_at is null order by seq'
    expect(await rowsOf('user-service', 'USER_SERVICE_DATABASE_URL', select, environment)).toEqual(versions.map(String))
  })

  it("lumi-go: golang-migrate's one row", async () => {
    expect(await rowsOf('lumi-go', 'LUMI_DATABASE_URL', 'select version, dirty from schema_migrations')).toEqual(['7|false'])
  })
})
