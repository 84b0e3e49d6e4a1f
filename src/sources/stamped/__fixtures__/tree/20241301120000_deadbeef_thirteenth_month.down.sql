-- 20241301120000_deadbeef_thirteenth_month.down.sql
select 1;
