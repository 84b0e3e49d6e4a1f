-- How each player left the table, and what that adds up to.
CREATE TYPE game_outcome AS ENUM ('won', 'lost', 'drawn', 'left');

CREATE TABLE game_results (
    game_id UUID NOT NULL,
    user_id UUID NOT NULL,
    outcome game_outcome NOT NULL,
    score NUMERIC(12, 2) NOT NULL DEFAULT 0,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    PRIMARY KEY (game_id, user_id),
    FOREIGN KEY (game_id, user_id) REFERENCES game_players(game_id, user_id) ON DELETE CASCADE
);

CREATE INDEX idx_game_results_user_id ON game_results(user_id, recorded_at DESC);

CREATE VIEW player_standings AS
SELECT user_id,
       count(*) AS games,
       count(*) FILTER (WHERE outcome = 'won') AS wins,
       sum(score) AS total_score
FROM game_results
GROUP BY user_id;
