-- nounderscore/up.sql
select 1;
