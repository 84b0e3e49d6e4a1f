-- The partitions go with their table.
DROP TABLE IF EXISTS channel_events;
