DROP INDEX CONCURRENTLY IF EXISTS idx_transactions_pending;
