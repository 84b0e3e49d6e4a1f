-- Migration: Leave updated_at to the application
-- Version: 008 (DOWN)
-- Description: Remove the triggers and their function

DROP TRIGGER IF EXISTS touch_ranking_configurations ON ranking_configurations;
DROP TRIGGER IF EXISTS touch_user_availability ON user_availability;
DROP TRIGGER IF EXISTS touch_user_preferences ON user_preferences;
DROP TRIGGER IF EXISTS touch_users ON users;
DROP FUNCTION IF EXISTS touch_updated_at();
