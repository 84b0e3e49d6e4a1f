-- 12_only_down.down.sql
select 1;
