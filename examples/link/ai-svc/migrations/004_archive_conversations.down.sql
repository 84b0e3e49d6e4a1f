-- Migration: No archive of conversations
-- Version: 004 (DOWN)
-- Description: Remove the view and the column

DROP VIEW IF EXISTS current_ai_conversations;
ALTER TABLE ai_conversations DROP COLUMN IF EXISTS archived_at;
