-- How somebody proves who they are: a password, a key, or another house's word.
CREATE TYPE credential_kind AS ENUM ('password', 'passkey', 'oidc');

CREATE TABLE credentials (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id UUID NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
    kind credential_kind NOT NULL,
    login email_address NOT NULL,
    secret TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    last_used_at TIMESTAMP WITH TIME ZONE,
    UNIQUE (tenant_id, kind, login),
    CONSTRAINT credentials_secret_unless_oidc CHECK (kind = 'oidc' OR secret IS NOT NULL)
);

CREATE FUNCTION password_matches(a_tenant UUID, a_login citext, a_password TEXT) RETURNS BOOLEAN
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1
        FROM credentials
        WHERE tenant_id = a_tenant
          AND kind = 'password'
          AND login = a_login
          AND secret = crypt(a_password, secret)
    )
$$;
