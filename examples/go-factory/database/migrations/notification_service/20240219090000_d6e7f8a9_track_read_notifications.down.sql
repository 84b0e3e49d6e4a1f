DROP VIEW IF EXISTS unread_notifications;
DROP INDEX CONCURRENTLY IF EXISTS idx_notifications_unread;
ALTER TABLE notifications DROP COLUMN IF EXISTS read_at;
