-- The address book is sorted by name. Built while the table is in use.
CREATE INDEX CONCURRENTLY idx_users_name ON user_service.users(last_name, first_name);
