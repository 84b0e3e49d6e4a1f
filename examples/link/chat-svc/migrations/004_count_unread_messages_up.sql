-- Migration: Count unread messages
-- Version: 004
-- Description: Per member and room, how many messages of others are still unread

CREATE VIEW unread_messages AS
SELECT rm.user_id,
       rm.room_id,
       count(m.id) AS unread,
       min(m.sent_at) AS oldest_unread_at
FROM room_members rm
JOIN messages m ON m.room_id = rm.room_id AND m.sender_id IS DISTINCT FROM rm.user_id
WHERE NOT EXISTS (
    SELECT 1 FROM message_reads mr WHERE mr.message_id = m.id AND mr.user_id = rm.user_id
)
GROUP BY rm.user_id, rm.room_id;
