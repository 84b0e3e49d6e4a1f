-- 2024-01-10-000000-0000_bom_toml/down.sql
select 1;
