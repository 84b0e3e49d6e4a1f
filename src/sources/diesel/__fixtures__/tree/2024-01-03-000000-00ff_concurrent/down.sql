-- 2024-01-03-000000-00ff_concurrent/down.sql
select 1;
