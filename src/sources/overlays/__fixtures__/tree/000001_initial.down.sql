-- 000001_initial.down.sql
select 1;
