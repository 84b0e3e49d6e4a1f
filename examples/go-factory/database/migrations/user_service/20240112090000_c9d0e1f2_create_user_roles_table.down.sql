DROP VIEW IF EXISTS user_permissions;
DROP TABLE IF EXISTS user_roles;
