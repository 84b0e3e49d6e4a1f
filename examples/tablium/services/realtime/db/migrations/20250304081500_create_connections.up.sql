-- One row per open socket, and the channels it listens to.
CREATE TABLE connections (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL,
    node VARCHAR(100) NOT NULL,
    connected_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    disconnected_at TIMESTAMP WITH TIME ZONE
);

CREATE INDEX idx_connections_user_id ON connections(user_id);

CREATE TABLE subscriptions (
    connection_id UUID NOT NULL REFERENCES connections(id) ON DELETE CASCADE,
    channel_id UUID NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
    subscribed_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    PRIMARY KEY (connection_id, channel_id)
);

CREATE INDEX idx_subscriptions_channel_id ON subscriptions(channel_id);
