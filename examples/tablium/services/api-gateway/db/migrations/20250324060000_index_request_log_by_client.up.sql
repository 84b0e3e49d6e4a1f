-- The table is written all day long: build the index without stopping the writers.
CREATE INDEX CONCURRENTLY idx_request_log_client_id ON request_log(client_id, requested_at DESC);
