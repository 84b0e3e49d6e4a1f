-- create_things.up.sql
select 1;
