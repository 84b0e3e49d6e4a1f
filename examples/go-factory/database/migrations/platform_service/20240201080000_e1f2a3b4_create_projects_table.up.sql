-- What tenants make in the factory.
CREATE TABLE projects (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id UUID NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
    slug slug NOT NULL,
    name VARCHAR(200) NOT NULL,
    owner_id UUID NOT NULL,
    status record_status NOT NULL DEFAULT 'active',
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    UNIQUE (tenant_id, slug),
    CONSTRAINT fk_projects_owner FOREIGN KEY (tenant_id, owner_id) REFERENCES users(tenant_id, id)
);

CREATE INDEX idx_projects_owner ON projects(tenant_id, owner_id);

CREATE TRIGGER projects_set_updated_at BEFORE UPDATE ON projects
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();
