-- 11_unpadded.down.sql
select 1;
