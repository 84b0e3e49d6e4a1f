DROP VIEW IF EXISTS player_standings;
DROP TABLE IF EXISTS game_results;
DROP TYPE IF EXISTS game_outcome;
