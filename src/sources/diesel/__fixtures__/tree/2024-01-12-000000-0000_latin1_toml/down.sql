-- 2024-01-12-000000-0000_latin1_toml/down.sql
select 1;
