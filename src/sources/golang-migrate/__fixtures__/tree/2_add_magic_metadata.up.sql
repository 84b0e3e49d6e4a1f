-- 2_add_magic_metadata.up.sql
select 1;
