-- 6_shouting.UP.sql
select 1;
