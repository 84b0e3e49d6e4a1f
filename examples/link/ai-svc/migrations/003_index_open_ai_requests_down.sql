-- Migration: Drop index of open AI requests
-- Version: 003 (DOWN)
-- Description: Remove the index while the table is in use

DROP INDEX CONCURRENTLY IF EXISTS idx_ai_requests_open;
