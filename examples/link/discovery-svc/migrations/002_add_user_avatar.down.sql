-- Migration: Remove avatar URL from users
-- Version: 002 (DOWN)
-- Description: Remove avatar_url column from users table

-- Drop index first
DROP INDEX IF EXISTS idx_users_avatar_url;

-- Remove column
ALTER TABLE users DROP COLUMN IF EXISTS avatar_url;
