DROP VIEW IF EXISTS user_service.user_directory;
DROP TRIGGER IF EXISTS touch_user_preferences ON user_service.user_preferences;
DROP TRIGGER IF EXISTS touch_user_profiles ON user_service.user_profiles;
DROP TRIGGER IF EXISTS touch_users ON user_service.users;
DROP FUNCTION IF EXISTS user_service.touch_updated_at();
