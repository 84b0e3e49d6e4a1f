ALTER TABLE wallets DROP CONSTRAINT IF EXISTS wallets_balance_not_negative;
