-- A role that does not own the table sees only the domains of the tenant it works for.
ALTER TABLE tenant_domains ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON tenant_domains
    USING (tenant_id = current_tenant_id())
    WITH CHECK (tenant_id = current_tenant_id());
