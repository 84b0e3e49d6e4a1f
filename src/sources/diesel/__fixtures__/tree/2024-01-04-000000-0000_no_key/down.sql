-- 2024-01-04-000000-0000_no_key/down.sql
select 1;
