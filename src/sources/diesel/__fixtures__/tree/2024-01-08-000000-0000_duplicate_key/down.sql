-- 2024-01-08-000000-0000_duplicate_key/down.sql
select 1;
