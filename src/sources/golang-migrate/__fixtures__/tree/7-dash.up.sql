-- 7-dash.up.sql
select 1;
