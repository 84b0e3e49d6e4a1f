-- 012_no_direction.sql
select 1;
