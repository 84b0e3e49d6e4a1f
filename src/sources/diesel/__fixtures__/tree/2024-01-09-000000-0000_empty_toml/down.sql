-- 2024-01-09-000000-0000_empty_toml/down.sql
select 1;
