-- 2024-01-04-000000-0000_no_key/up.sql
select 1;
