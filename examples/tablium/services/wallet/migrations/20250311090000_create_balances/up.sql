-- End-of-day balances, and a view that sets a wallet against the sum of its transactions.
CREATE TABLE balances (
    wallet_id UUID NOT NULL REFERENCES wallets(id) ON DELETE CASCADE,
    day DATE NOT NULL,
    balance DECIMAL(20, 8) NOT NULL,
    PRIMARY KEY (wallet_id, day)
);

CREATE VIEW wallet_reconciliation AS
SELECT w.id AS wallet_id,
       w.balance,
       COALESCE(sum(t.amount) FILTER (WHERE t.status = 'settled'), 0) AS settled,
       COALESCE(sum(t.amount) FILTER (WHERE t.status = 'pending'), 0) AS pending
FROM wallets w
LEFT JOIN transactions t ON t.wallet_id = w.id
GROUP BY w.id;

SELECT diesel_manage_updated_at('wallets');
