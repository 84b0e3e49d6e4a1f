-- 2024-01-11-000000-0000_other_keys/up.sql
select 1;
