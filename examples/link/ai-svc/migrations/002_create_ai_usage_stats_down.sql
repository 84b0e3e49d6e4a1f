-- Migration: Drop AI usage statistics
-- Version: 002 (DOWN)
-- Description: Remove the counters, their trigger and its function

DROP TRIGGER IF EXISTS count_ai_usage ON ai_responses;
DROP FUNCTION IF EXISTS count_ai_usage();
DROP TABLE IF EXISTS ai_usage_stats;
