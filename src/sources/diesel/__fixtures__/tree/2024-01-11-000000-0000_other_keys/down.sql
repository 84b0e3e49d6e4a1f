-- 2024-01-11-000000-0000_other_keys/down.sql
select 1;
