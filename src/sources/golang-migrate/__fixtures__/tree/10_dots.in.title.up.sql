-- 10_dots.in.title.up.sql
select 1;
