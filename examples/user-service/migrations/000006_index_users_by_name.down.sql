DROP INDEX CONCURRENTLY IF EXISTS user_service.idx_users_name;
