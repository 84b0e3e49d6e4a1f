-- Migration: No longer require email
-- Version: 013 (DOWN)
-- Description: Remove the rules from email

ALTER TABLE users
    DROP CONSTRAINT IF EXISTS users_email_key,
    ALTER COLUMN email DROP NOT NULL;
