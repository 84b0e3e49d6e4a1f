-- Migration: Add message edits
-- Version: 003
-- Description: Messages can be edited; a room's history is read through an index built while the table is in use

ALTER TABLE messages ADD COLUMN edited_at TIMESTAMP WITH TIME ZONE;

CREATE INDEX CONCURRENTLY idx_messages_room_history ON messages(room_id, sent_at DESC);

ALTER TABLE messages
    ADD CONSTRAINT messages_edited_after_sent CHECK (edited_at IS NULL OR edited_at >= sent_at);
