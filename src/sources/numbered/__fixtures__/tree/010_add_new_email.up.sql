-- 010_add_new_email.up.sql
select 1;
