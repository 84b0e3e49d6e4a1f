-- The first is made by POSTGRES_DB.
create database game_state;
create database realtime;
create database wallet;
create database auth;
create database users;
create database integration;
create database ai_engine;
