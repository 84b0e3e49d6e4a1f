CREATE TABLE auth_sessions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    credential_id UUID NOT NULL REFERENCES credentials(id) ON DELETE CASCADE,
    token_hash BYTEA NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT auth_sessions_expire_later CHECK (expires_at > created_at)
);

CREATE INDEX idx_auth_sessions_credential_id ON auth_sessions(credential_id);
CREATE INDEX idx_auth_sessions_expires_at ON auth_sessions(expires_at);
