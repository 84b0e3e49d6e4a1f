-- templates/table.up.sql
select 1;
