DROP INDEX CONCURRENTLY IF EXISTS idx_users_active_by_name;
