DROP POLICY IF EXISTS tenant_isolation ON tenant_domains;
ALTER TABLE tenant_domains DISABLE ROW LEVEL SECURITY;
