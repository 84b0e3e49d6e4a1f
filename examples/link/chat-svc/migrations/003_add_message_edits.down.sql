-- Migration: Remove message edits
-- Version: 003 (DOWN)
-- Description: Remove the index while the table is in use, then the column with its rule

DROP INDEX CONCURRENTLY IF EXISTS idx_messages_room_history;

ALTER TABLE messages DROP COLUMN IF EXISTS edited_at;
