-- 20140929103760_impossible_second/up.sql
select 1;
