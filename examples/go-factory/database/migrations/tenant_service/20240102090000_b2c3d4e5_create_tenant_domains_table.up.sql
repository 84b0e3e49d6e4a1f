-- The host names under which a tenant is reached; one of them is its main one.
CREATE TABLE tenant_domains (
    host citext PRIMARY KEY,
    tenant_id UUID NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
    is_primary BOOLEAN NOT NULL DEFAULT FALSE,
    verified_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
);

CREATE INDEX idx_tenant_domains_tenant_id ON tenant_domains(tenant_id);
CREATE UNIQUE INDEX idx_tenant_domains_one_primary ON tenant_domains(tenant_id) WHERE is_primary;
