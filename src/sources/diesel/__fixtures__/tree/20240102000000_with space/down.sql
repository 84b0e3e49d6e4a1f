-- 20240102000000_with space/down.sql
select 1;
