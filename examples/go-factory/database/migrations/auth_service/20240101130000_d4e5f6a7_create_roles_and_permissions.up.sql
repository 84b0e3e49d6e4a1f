-- Roles belong to a tenant; permissions are the same for all. All of it, or none of it.
BEGIN;

CREATE TABLE permissions (
    name VARCHAR(100) PRIMARY KEY CHECK (name ~ '^[a-z_]+[.][a-z_]+$'),
    description TEXT NOT NULL DEFAULT ''
);

CREATE TABLE roles (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id UUID NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
    name VARCHAR(100) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    UNIQUE (tenant_id, name),
    UNIQUE (tenant_id, id)
);

CREATE TABLE role_permissions (
    role_id UUID NOT NULL REFERENCES roles(id) ON DELETE CASCADE,
    permission VARCHAR(100) NOT NULL REFERENCES permissions(name) ON DELETE CASCADE,
    PRIMARY KEY (role_id, permission)
);

CREATE INDEX idx_role_permissions_permission ON role_permissions(permission);

INSERT INTO permissions (name, description) VALUES
    ('tenants.manage', 'Change the settings of the tenant'),
    ('users.manage', 'Invite, suspend and archive users'),
    ('projects.build', 'Generate and build projects'),
    ('reports.read', 'See dashboards and KPIs');

COMMIT;
