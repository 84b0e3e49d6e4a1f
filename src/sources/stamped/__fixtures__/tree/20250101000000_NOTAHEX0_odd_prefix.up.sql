-- 20250101000000_NOTAHEX0_odd_prefix.up.sql
select 1;
