-- Migration: Unlink preferences from users
-- Version: 007 (DOWN)
-- Description: Remove the foreign key from preferences to users

ALTER TABLE user_preferences DROP CONSTRAINT IF EXISTS fk_user_preferences_user_id;
