-- 10_dots.in.title.down.sql
select 1;
