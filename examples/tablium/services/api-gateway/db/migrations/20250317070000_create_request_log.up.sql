-- One row per request that passed the gateway.
CREATE TABLE request_log (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id UUID REFERENCES api_clients(id) ON DELETE SET NULL,
    route_id BIGINT REFERENCES routes(id) ON DELETE SET NULL,
    status_code SMALLINT NOT NULL CHECK (status_code BETWEEN 100 AND 599),
    duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW()
);

CREATE INDEX idx_request_log_requested_at ON request_log USING brin (requested_at);

CREATE VIEW route_error_rates AS
SELECT route_id,
       date_trunc('hour', requested_at) AS hour,
       count(*) AS requests,
       count(*) FILTER (WHERE status_code >= 500) AS failures
FROM request_log
GROUP BY route_id, date_trunc('hour', requested_at);
