-- 000004_add_index.sql.down.sql
select 1;
