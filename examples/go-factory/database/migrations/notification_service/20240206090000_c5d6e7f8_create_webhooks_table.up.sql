CREATE TABLE webhooks (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id UUID NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
    url TEXT NOT NULL CHECK (url LIKE 'https://%'),
    events VARCHAR(100)[] NOT NULL CHECK (cardinality(events) > 0),
    secret BYTEA NOT NULL DEFAULT gen_random_bytes(32),
    is_enabled BOOLEAN NOT NULL DEFAULT TRUE,
    UNIQUE (tenant_id, url)
);

CREATE INDEX idx_webhooks_events ON webhooks USING gin (events) WHERE is_enabled;
