-- Migration: Archive conversations
-- Version: 004
-- Description: Conversations can be put away; the view shows the others

ALTER TABLE ai_conversations ADD COLUMN archived_at TIMESTAMP WITH TIME ZONE;

CREATE VIEW current_ai_conversations AS
SELECT c.id,
       c.user_id,
       c.title,
       count(r.id) AS requests,
       max(r.created_at) AS last_request_at
FROM ai_conversations c
LEFT JOIN ai_requests r ON r.conversation_id = c.id
WHERE c.archived_at IS NULL
GROUP BY c.id;
