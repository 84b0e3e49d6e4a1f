CREATE TABLE wallets (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL,
    balance DECIMAL(20, 8) NOT NULL DEFAULT 0,
    wallet_type VARCHAR(50) NOT NULL,
    address VARCHAR(255) NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    UNIQUE(user_id, wallet_type)
);

CREATE INDEX idx_wallets_user_id ON wallets(user_id);
