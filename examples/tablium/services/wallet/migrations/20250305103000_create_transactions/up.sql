-- Every change of a wallet: signed amount, once per reference.
CREATE TYPE transaction_kind AS ENUM ('deposit', 'withdrawal', 'stake', 'payout', 'correction');
CREATE TYPE transaction_status AS ENUM ('pending', 'settled', 'rejected');

CREATE TABLE transactions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    wallet_id UUID NOT NULL REFERENCES wallets(id) ON DELETE RESTRICT,
    kind transaction_kind NOT NULL,
    status transaction_status NOT NULL DEFAULT 'pending',
    amount DECIMAL(20, 8) NOT NULL CHECK (amount <> 0),
    reference VARCHAR(100) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    settled_at TIMESTAMP WITH TIME ZONE,
    UNIQUE (wallet_id, reference),
    CONSTRAINT transactions_settled_has_time CHECK ((status = 'settled') = (settled_at IS NOT NULL)),
    CONSTRAINT transactions_sign CHECK (
        kind = 'correction' OR (kind IN ('deposit', 'payout')) = (amount > 0)
    )
);
