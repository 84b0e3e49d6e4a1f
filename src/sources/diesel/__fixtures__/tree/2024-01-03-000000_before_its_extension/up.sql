-- 2024-01-03-000000_before_its_extension/up.sql
select 1;
