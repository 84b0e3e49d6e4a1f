-- 001_create_users.down.sql
select 1;
