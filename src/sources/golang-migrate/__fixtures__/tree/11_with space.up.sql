-- 11_with space.up.sql
select 1;
