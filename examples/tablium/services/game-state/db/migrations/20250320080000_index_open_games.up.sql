-- The lobby asks for open games several times a second.
CREATE INDEX CONCURRENTLY idx_games_open ON games(variant, created_at) WHERE status = 'waiting';
