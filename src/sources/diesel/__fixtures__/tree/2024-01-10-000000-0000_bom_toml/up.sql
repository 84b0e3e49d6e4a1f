-- 2024-01-10-000000-0000_bom_toml/up.sql
select 1;
