-- The settlement job reads only what is pending.
CREATE INDEX CONCURRENTLY idx_transactions_pending ON transactions(created_at) WHERE status = 'pending';
