-- A column, an index built while the table is in use, and a view on top of both.
ALTER TABLE notifications ADD COLUMN read_at TIMESTAMP WITH TIME ZONE;

CREATE INDEX CONCURRENTLY idx_notifications_unread ON notifications(user_id) WHERE read_at IS NULL;

CREATE VIEW unread_notifications AS
SELECT tenant_id, user_id, count(*) AS unread, max(created_at) AS latest_at
FROM notifications
WHERE read_at IS NULL
GROUP BY tenant_id, user_id;
