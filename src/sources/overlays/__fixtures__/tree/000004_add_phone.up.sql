-- 000004_add_phone.up.sql
select 1;
