-- Migration: Index available users
-- Version: 006
-- Description: Find who is available without reading the whole table; built while the table is in use

CREATE INDEX CONCURRENTLY idx_user_availability_available ON user_availability(available_until) WHERE status = 'available';
