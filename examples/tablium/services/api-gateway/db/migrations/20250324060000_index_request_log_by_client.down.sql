DROP INDEX CONCURRENTLY IF EXISTS idx_request_log_client_id;
