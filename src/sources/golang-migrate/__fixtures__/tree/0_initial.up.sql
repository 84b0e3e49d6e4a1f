-- 0_initial.up.sql
select 1;
