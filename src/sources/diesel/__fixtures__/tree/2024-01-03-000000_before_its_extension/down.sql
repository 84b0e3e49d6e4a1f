-- 2024-01-03-000000_before_its_extension/down.sql
select 1;
