-- A user can only hold roles of the own tenant: both keys carry it.
CREATE TABLE user_roles (
    tenant_id UUID NOT NULL,
    user_id UUID NOT NULL,
    role_id UUID NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, role_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users(tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles(tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX idx_user_roles_role_id ON user_roles(tenant_id, role_id);

CREATE VIEW user_permissions AS
SELECT DISTINCT ur.tenant_id, ur.user_id, rp.permission
FROM user_roles ur
JOIN role_permissions rp ON rp.role_id = ur.role_id;
