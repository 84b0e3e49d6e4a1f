-- Migration: Drop AI tables
-- Version: 001 (DOWN)
-- Description: Remove conversations, requests and responses

DROP TABLE IF EXISTS ai_responses;
DROP TABLE IF EXISTS ai_requests;
DROP TABLE IF EXISTS ai_conversations;
DROP TYPE IF EXISTS ai_request_status;
