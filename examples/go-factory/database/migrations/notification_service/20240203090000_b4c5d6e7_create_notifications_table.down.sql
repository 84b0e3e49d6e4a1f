DROP TABLE IF EXISTS notifications;
DROP TABLE IF EXISTS notification_templates;
DROP TYPE IF EXISTS notification_channel;
