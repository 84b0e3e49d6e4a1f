DROP TABLE IF EXISTS subscriptions;
DROP TABLE IF EXISTS connections;
