-- 11_with space.down.sql
select 1;
