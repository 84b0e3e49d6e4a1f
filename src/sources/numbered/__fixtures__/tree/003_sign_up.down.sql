-- 003_sign_up.down.sql
select 1;
