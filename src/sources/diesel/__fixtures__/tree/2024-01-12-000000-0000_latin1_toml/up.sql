-- 2024-01-12-000000-0000_latin1_toml/up.sql
select 1;
