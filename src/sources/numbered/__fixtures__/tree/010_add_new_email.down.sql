-- 010_add_new_email.down.sql
select 1;
