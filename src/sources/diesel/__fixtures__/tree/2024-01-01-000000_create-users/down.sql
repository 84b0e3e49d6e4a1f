-- 2024-01-01-000000_create-users/down.sql
select 1;
