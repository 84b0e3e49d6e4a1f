-- 20240101120000_by_date.down.sql
select 1;
