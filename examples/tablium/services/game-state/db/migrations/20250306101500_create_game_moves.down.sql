ALTER TABLE game_states DROP CONSTRAINT IF EXISTS fk_game_states_game_id;
DROP TABLE IF EXISTS game_moves;
