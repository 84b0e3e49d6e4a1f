-- For looking at fresh rows by hand.
CREATE INDEX idx_debug_users_created_at ON user_service.users(created_at DESC);
CREATE INDEX idx_debug_users_updated_at ON user_service.users(updated_at DESC);
