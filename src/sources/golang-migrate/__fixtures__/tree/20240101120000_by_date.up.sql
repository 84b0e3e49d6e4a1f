-- 20240101120000_by_date.up.sql
select 1;
