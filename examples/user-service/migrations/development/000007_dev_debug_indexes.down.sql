DROP INDEX IF EXISTS user_service.idx_debug_users_updated_at;
DROP INDEX IF EXISTS user_service.idx_debug_users_created_at;
