-- production/000005_prod_indexes.down.sql
select 1;
