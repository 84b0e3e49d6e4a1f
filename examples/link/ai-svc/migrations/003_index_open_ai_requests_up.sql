-- Migration: Index open AI requests
-- Version: 003
-- Description: The workers look for the oldest open request; built while the table is in use

CREATE INDEX CONCURRENTLY idx_ai_requests_open ON ai_requests(created_at) WHERE status IN ('queued', 'running');
