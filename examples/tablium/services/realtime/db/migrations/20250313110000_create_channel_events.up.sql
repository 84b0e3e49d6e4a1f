-- What was said on a channel, numbered per channel so that a client can resume where it lost touch.
CREATE TABLE channel_events (
    channel_id UUID NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
    seq BIGINT NOT NULL CHECK (seq > 0),
    name VARCHAR(100) NOT NULL,
    payload JSONB NOT NULL DEFAULT '{}',
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    PRIMARY KEY (channel_id, seq)
) PARTITION BY HASH (channel_id);

CREATE TABLE channel_events_0 PARTITION OF channel_events FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE channel_events_1 PARTITION OF channel_events FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE channel_events_2 PARTITION OF channel_events FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE channel_events_3 PARTITION OF channel_events FOR VALUES WITH (MODULUS 4, REMAINDER 3);
