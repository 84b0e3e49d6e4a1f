-- What clients can listen to: a game table, a lobby, a conversation of two.
CREATE TYPE channel_kind AS ENUM ('table', 'lobby', 'direct');

CREATE TABLE channels (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    kind channel_kind NOT NULL,
    topic VARCHAR(200) NOT NULL UNIQUE,
    game_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT channels_table_has_game CHECK (kind <> 'table' OR game_id IS NOT NULL)
);

CREATE UNIQUE INDEX idx_channels_game_id ON channels(game_id) WHERE game_id IS NOT NULL;
