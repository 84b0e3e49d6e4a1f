-- 2024-01-09-000000-0000_empty_toml/up.sql
select 1;
