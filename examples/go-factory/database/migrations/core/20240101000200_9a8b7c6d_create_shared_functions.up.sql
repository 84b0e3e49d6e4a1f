-- set_updated_at() is for triggers; current_tenant_id() is for row level security:
-- the application says SET LOCAL app.tenant_id = '…' at the start of each transaction.
CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE FUNCTION current_tenant_id() RETURNS UUID
LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('app.tenant_id', true), '')::uuid
$$;
