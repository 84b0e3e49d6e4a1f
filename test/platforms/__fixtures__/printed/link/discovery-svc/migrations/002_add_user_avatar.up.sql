-- Migration: Add avatar URL to users
-- Version: 002
-- Description: Add avatar_url column to users table

ALTER TABLE users ADD COLUMN avatar_url VARCHAR(500);

-- Add index for avatar queries
CREATE INDEX idx_users_avatar_url ON users(avatar_url) WHERE avatar_url IS NOT NULL;
