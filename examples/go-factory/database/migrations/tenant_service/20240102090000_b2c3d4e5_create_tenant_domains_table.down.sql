DROP TABLE IF EXISTS tenant_domains;
