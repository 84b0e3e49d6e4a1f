-- 20250101000000_NOTAHEX0_odd_prefix.down.sql
select 1;
