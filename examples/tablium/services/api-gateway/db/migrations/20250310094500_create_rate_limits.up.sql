-- Limits hang on a route, on a client, or on both; the narrowest one counts.
CREATE TABLE rate_limits (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id UUID REFERENCES api_clients(id) ON DELETE CASCADE,
    route_id BIGINT REFERENCES routes(id) ON DELETE CASCADE,
    requests INTEGER NOT NULL CHECK (requests > 0),
    per_seconds INTEGER NOT NULL DEFAULT 60 CHECK (per_seconds > 0),
    CONSTRAINT rate_limits_has_subject CHECK (client_id IS NOT NULL OR route_id IS NOT NULL)
);

CREATE UNIQUE INDEX idx_rate_limits_both ON rate_limits(client_id, route_id)
    WHERE client_id IS NOT NULL AND route_id IS NOT NULL;
CREATE UNIQUE INDEX idx_rate_limits_client ON rate_limits(client_id) WHERE route_id IS NULL;
CREATE UNIQUE INDEX idx_rate_limits_route ON rate_limits(route_id) WHERE client_id IS NULL;

CREATE FUNCTION effective_rate_limit(a_client UUID, a_route BIGINT) RETURNS rate_limits
LANGUAGE sql STABLE AS $$
    SELECT l.*
    FROM rate_limits l
    WHERE (l.client_id = a_client OR l.client_id IS NULL)
      AND (l.route_id = a_route OR l.route_id IS NULL)
    ORDER BY (l.client_id IS NOT NULL)::int + (l.route_id IS NOT NULL)::int DESC, l.client_id NULLS LAST
    LIMIT 1
$$;
