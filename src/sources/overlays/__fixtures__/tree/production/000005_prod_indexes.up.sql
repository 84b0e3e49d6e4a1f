-- production/000005_prod_indexes.up.sql
select 1;
