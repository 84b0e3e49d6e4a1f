-- 00000000000000_diesel_initial_setup/down.sql
select 1;
