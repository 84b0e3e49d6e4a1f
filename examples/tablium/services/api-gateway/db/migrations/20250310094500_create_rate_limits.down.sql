DROP FUNCTION IF EXISTS effective_rate_limit(UUID, BIGINT);
DROP TABLE IF EXISTS rate_limits;
