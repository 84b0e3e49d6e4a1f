-- 000001_initial.up.sql
select 1;
