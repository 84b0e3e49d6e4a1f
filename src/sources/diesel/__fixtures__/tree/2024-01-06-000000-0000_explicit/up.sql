-- 2024-01-06-000000-0000_explicit/up.sql
select 1;
