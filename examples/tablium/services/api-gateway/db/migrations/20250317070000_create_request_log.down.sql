DROP VIEW IF EXISTS route_error_rates;
DROP TABLE IF EXISTS request_log;
