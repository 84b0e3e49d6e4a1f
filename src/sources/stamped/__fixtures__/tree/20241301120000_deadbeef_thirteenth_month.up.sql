-- 20241301120000_deadbeef_thirteenth_month.up.sql
select 1;
