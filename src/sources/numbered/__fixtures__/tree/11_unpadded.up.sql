-- 11_unpadded.up.sql
select 1;
