DROP FUNCTION IF EXISTS password_matches(UUID, citext, TEXT);
DROP TABLE IF EXISTS credentials;
DROP TYPE IF EXISTS credential_kind;
