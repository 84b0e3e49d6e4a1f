DROP TRIGGER IF EXISTS set_updated_at ON wallets;
DROP VIEW IF EXISTS wallet_reconciliation;
DROP TABLE IF EXISTS balances;
