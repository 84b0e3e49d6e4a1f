-- Users, projects and builds per tenant. The unique index lets it be refreshed while it is read.
CREATE MATERIALIZED VIEW tenant_activity AS
SELECT t.id AS tenant_id,
       (SELECT count(*) FROM users u WHERE u.tenant_id = t.id AND u.status = 'active') AS active_users,
       (SELECT count(*) FROM projects p WHERE p.tenant_id = t.id) AS projects,
       (SELECT count(*) FROM builds b JOIN projects p ON p.id = b.project_id WHERE p.tenant_id = t.id) AS builds
FROM tenants t;

CREATE UNIQUE INDEX idx_tenant_activity_tenant_id ON tenant_activity(tenant_id);
