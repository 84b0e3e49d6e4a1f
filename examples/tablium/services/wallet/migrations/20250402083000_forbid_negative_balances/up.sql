-- New rows are checked from the first statement on; the second one reads the old rows without stopping the writers.
ALTER TABLE wallets ADD CONSTRAINT wallets_balance_not_negative CHECK (balance >= 0) NOT VALID;
ALTER TABLE wallets VALIDATE CONSTRAINT wallets_balance_not_negative;
