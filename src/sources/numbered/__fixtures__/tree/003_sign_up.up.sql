-- 003_sign_up.up.sql
select 1;
