CREATE EXTENSION IF NOT EXISTS "uuid-ossp";

CREATE TABLE game_states (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    game_id UUID NOT NULL,
    state JSONB NOT NULL,
    turn_number INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
    UNIQUE(game_id, turn_number)
);

CREATE INDEX idx_game_states_game_id ON game_states(game_id);
