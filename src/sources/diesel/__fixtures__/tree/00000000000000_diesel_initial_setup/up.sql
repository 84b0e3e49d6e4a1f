-- 00000000000000_diesel_initial_setup/up.sql
select 1;
