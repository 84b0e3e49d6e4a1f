-- 000004_add_phone.down.sql
select 1;
