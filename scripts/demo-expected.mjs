/**
 * What the migrations of examples/ make, written down by hand from the files: the demo compares every database with it. `indexes` counts
 * those of the history tables too. `history` is each tool's own table, one text for each row.
 */
export const expected = {
  api_gateway: {
    tables: 'api_client_routes api_clients rate_limits request_log routes upstreams',
    views: 'route_error_rates',
    enums: 'http_method',
    functions: 'effective_rate_limit',
    indexes: 17,
    history: { schema_migrations: ['20250324060000 clean'] },
  },
  game_state: {
    tables: 'game_moves game_players game_results game_states games',
    views: 'player_standings',
    enums: 'game_outcome game_status',
    functions: '',
    indexes: 13,
    history: { schema_migrations: ['20250320080000 clean'] },
  },
  realtime: {
    tables: 'channel_events channel_events_0 channel_events_1 channel_events_2 channel_events_3 channels connections subscriptions',
    views: 'presence',
    enums: 'channel_kind',
    functions: 'close_stale_connections',
    indexes: 14,
    history: { schema_migrations: ['20250328060000 clean'] },
  },
  wallet: {
    tables: 'balances transactions wallets',
    views: 'wallet_reconciliation',
    enums: 'transaction_kind transaction_status',
    functions: 'diesel_manage_updated_at diesel_set_updated_at',
    indexes: 8,
    history: {
      __diesel_schema_migrations: [
        '00000000000000',
        '20250305100000',
        '20250305103000',
        '20250311090000',
        '20250318120000',
        '20250402083000',
      ],
    },
  },
  auth: {
    tables: 'permissions role_permissions roles user_roles users',
    views: '',
    enums: '',
    functions: '',
    indexes: 10,
    history: {
      migrations: [
        'EnableUuid1615213400000',
        'CreateUsersTable1615213456789',
        'CreateRolesAndPermissions1615300000000',
        'IndexUsersByCreation1615386400000',
      ],
    },
  },
  users: {
    tables: 'achievements profile_achievements profiles statistics',
    views: '',
    enums: 'achievement_tier',
    functions: '',
    indexes: 7,
    history: {
      migrations: [
        'CreateProfiles1615464000000',
        'CreateAchievements1615550400000',
        'CreateStatistics1615809600000',
        'FillStatistics1615809660000',
      ],
    },
  },
  integration: {
    tables: 'deliveries providers webhooks',
    views: '',
    enums: 'delivery_status',
    functions: '',
    indexes: 6,
    history: { integration_migrations: ['CreateProviders1649149200000', 'CreateWebhooks1649754000000'] },
  },
  ai_engine: {
    tables: 'datasets models predictions training_data',
    views: '',
    enums: 'model_stage',
    functions: '',
    indexes: 8,
    history: { alembic_version: ['f04b38a6e91d'] },
  },
  link: {
    tables:
      'ai_conversations ai_requests ai_responses ai_usage_stats chat_rooms message_reads messages ranking_configurations ranking_weights room_members ' +
      'user_availability user_preferences users',
    views: 'current_ai_conversations discoverable_users unread_messages',
    enums: 'ai_request_status availability_status chat_room_kind room_role',
    functions: 'count_ai_usage touch_updated_at',
    indexes: 34,
    history: {
      migration_records: [
        'ai-svc 1 create_ai_tables',
        'ai-svc 2 create_ai_usage_stats',
        'ai-svc 3 index_open_ai_requests',
        'ai-svc 4 archive_conversations',
        'chat-svc 1 create_chat_tables',
        'chat-svc 2 create_message_reads',
        'chat-svc 3 add_message_edits',
        'chat-svc 4 count_unread_messages',
        'discovery-svc 0 create_users',
        'discovery-svc 1 create_user_preferences',
        'discovery-svc 2 add_user_avatar',
        'discovery-svc 3 create_user_availability',
        'discovery-svc 4 create_ranking_configurations',
        'discovery-svc 5 create_ranking_weights',
        'discovery-svc 6 index_available_users',
        'discovery-svc 7 link_preferences_to_users',
        'discovery-svc 8 touch_updated_at',
        'discovery-svc 9 create_discoverable_users',
        'discovery-svc 10 add_new_email',
        'discovery-svc 11 populate_new_email',
        'discovery-svc 12 remove_old_email',
        'discovery-svc 13 require_email',
      ],
      schema_versions: ['ai-svc 4', 'chat-svc 4', 'discovery-svc 13'],
    },
  },
  go_factory: {
    tables:
      'auth_sessions builds credentials dashboard_kpis dashboards kpi_definitions kpi_values notification_templates notifications permissions projects ' +
      'role_permissions roles tenant_domains tenants user_preferences user_profiles user_roles users webhooks',
    views: 'tenant_activity unread_notifications user_permissions',
    enums: 'build_status credential_kind notification_channel record_status',
    functions: 'current_tenant_id number_build password_matches set_updated_at',
    indexes: 50,
    history: {
      schema_migrations: [
        'auth_service 20240101130000_d4e5f6a7_create_roles_and_permissions',
        'auth_service 20240103100000_e5f6a7b8_create_credentials_table',
        'auth_service 20240110100000_f6a7b8c9_create_auth_sessions_table',
        'core 20240101000000_0c1d2e3f_create_extensions',
        'core 20240101000100_1f2e3d4c_create_shared_types',
        'core 20240101000200_9a8b7c6d_create_shared_functions',
        'notification_service 20240203090000_b4c5d6e7_create_notifications_table',
        'notification_service 20240206090000_c5d6e7f8_create_webhooks_table',
        'notification_service 20240219090000_d6e7f8a9_track_read_notifications',
        'platform_service 20240201080000_e1f2a3b4_create_projects_table',
        'platform_service 20240202080000_f2a3b4c5_create_builds_table',
        'platform_service 20240212080000_a3b4c5d6_number_builds',
        'reporting_service 20240204100000_e7f8a9b0_create_kpis',
        'reporting_service 20240207100000_f8a9b0c1_create_dashboards_table',
        'reporting_service 20240214100000_a9b0c1d2_create_tenant_activity',
        'tenant_service 20240101120000_a1b2c3d4_create_tenants_table',
        'tenant_service 20240102090000_b2c3d4e5_create_tenant_domains_table',
        'tenant_service 20240108090000_c3d4e5f6_isolate_tenants',
        'user_service 20240102140000_a7b8c9d0_create_users_table',
        'user_service 20240104110000_b8c9d0e1_create_profiles_and_preferences',
        'user_service 20240112090000_c9d0e1f2_create_user_roles_table',
        'user_service 20240205070000_d0e1f2a3_index_active_users',
      ],
    },
  },
  user_service: {
    tables: 'user_service.user_preferences user_service.user_profiles user_service.user_roles user_service.users',
    views: 'user_service.user_directory',
    enums: 'user_service.user_role',
    functions: 'user_service.touch_updated_at',
    indexes: 8,
    history: { user_service_schema_migrations: ['8 clean'] },
  },
  lumi: {
    tables: 'api_keys audit_logs feature_flags order_items orders products sessions users',
    views: 'order_totals',
    enums: 'order_status user_role',
    functions: 'set_updated_at',
    indexes: 21,
    history: { schema_migrations: ['7 clean'] },
  },
}

/** The last migration of link/chat-svc adds this view; while it is taken back, exactly this is different. */
export const without = {
  views: 'current_ai_conversations discoverable_users',
  history: {
    migration_records: expected.link.history.migration_records.filter((row) => row !== 'chat-svc 4 count_unread_messages'),
    schema_versions: ['ai-svc 4', 'chat-svc 3', 'discovery-svc 13'],
  },
}
