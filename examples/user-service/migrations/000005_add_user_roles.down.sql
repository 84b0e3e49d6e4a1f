DROP TABLE IF EXISTS user_service.user_roles;
DROP TYPE IF EXISTS user_service.user_role;
