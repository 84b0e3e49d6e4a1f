-- 001_create_users.up.sql
select 1;
