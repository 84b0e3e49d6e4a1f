DROP TABLE IF EXISTS user_service.user_preferences;
