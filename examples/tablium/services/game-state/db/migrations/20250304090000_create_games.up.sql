-- Game records: a table, its variant, and who sits where.
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";

CREATE TYPE game_status AS ENUM ('waiting', 'running', 'finished', 'abandoned');

CREATE TABLE games (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    variant VARCHAR(32) NOT NULL,
    status game_status NOT NULL DEFAULT 'waiting',
    seats SMALLINT NOT NULL CHECK (seats BETWEEN 2 AND 10),
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT games_times_in_order CHECK (finished_at IS NULL OR finished_at >= started_at)
);

CREATE TABLE game_players (
    game_id UUID NOT NULL REFERENCES games(id) ON DELETE CASCADE,
    seat SMALLINT NOT NULL CHECK (seat >= 0),
    user_id UUID NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    PRIMARY KEY (game_id, seat),
    UNIQUE (game_id, user_id)
);

CREATE INDEX idx_game_players_user_id ON game_players(user_id);
