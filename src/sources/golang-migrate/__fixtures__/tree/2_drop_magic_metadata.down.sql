-- 2_drop_magic_metadata.down.sql
select 1;
