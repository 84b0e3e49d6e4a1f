DROP TABLE IF EXISTS game_states;
