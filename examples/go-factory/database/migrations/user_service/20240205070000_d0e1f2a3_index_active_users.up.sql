-- Lists of users show the active ones by name. Built while the table is in use.
CREATE INDEX CONCURRENTLY idx_users_active_by_name ON users(tenant_id, display_name) WHERE status = 'active';
