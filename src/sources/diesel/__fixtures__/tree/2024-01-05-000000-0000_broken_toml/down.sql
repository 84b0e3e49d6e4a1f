-- 2024-01-05-000000-0000_broken_toml/down.sql
select 1;
