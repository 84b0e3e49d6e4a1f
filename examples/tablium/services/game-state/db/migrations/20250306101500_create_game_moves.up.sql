-- Every move, in the order of play. From here on a state belongs to a game.
CREATE TABLE game_moves (
    game_id UUID NOT NULL,
    turn_number INTEGER NOT NULL CHECK (turn_number > 0),
    seat SMALLINT NOT NULL,
    move JSONB NOT NULL,
    played_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    PRIMARY KEY (game_id, turn_number),
    FOREIGN KEY (game_id, seat) REFERENCES game_players(game_id, seat) ON DELETE CASCADE
);

CREATE INDEX idx_game_moves_seat ON game_moves(game_id, seat);

ALTER TABLE game_states
    ADD CONSTRAINT fk_game_states_game_id FOREIGN KEY (game_id) REFERENCES games(id) ON DELETE CASCADE;
