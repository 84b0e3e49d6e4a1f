-- 9_folder.up.sql/body.sql
select 1;
