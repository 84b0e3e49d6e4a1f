-- 20240102000000_with space/up.sql
select 1;
