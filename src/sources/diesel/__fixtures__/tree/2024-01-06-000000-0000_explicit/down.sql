-- 2024-01-06-000000-0000_explicit/down.sql
select 1;
