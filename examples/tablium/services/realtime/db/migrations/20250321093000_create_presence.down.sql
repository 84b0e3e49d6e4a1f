DROP FUNCTION IF EXISTS close_stale_connections(INTERVAL);
DROP VIEW IF EXISTS presence;
