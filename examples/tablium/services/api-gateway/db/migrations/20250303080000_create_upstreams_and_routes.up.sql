-- The services behind the gateway, and which request goes to which of them.
CREATE TYPE http_method AS ENUM ('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');

CREATE TABLE upstreams (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(63) NOT NULL UNIQUE,
    base_url TEXT NOT NULL CHECK (base_url ~ '^https?://'),
    timeout_ms INTEGER NOT NULL DEFAULT 5000 CHECK (timeout_ms BETWEEN 1 AND 120000),
    is_enabled BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW()
);

CREATE TABLE routes (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    upstream_id UUID NOT NULL REFERENCES upstreams(id) ON DELETE RESTRICT,
    method http_method NOT NULL,
    path_pattern TEXT NOT NULL CHECK (path_pattern LIKE '/%'),
    priority SMALLINT NOT NULL DEFAULT 0,
    requires_auth BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    UNIQUE (method, path_pattern)
);

CREATE INDEX idx_routes_upstream_id ON routes(upstream_id);
