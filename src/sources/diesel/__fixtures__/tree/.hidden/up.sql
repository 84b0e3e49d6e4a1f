-- .hidden/up.sql
select 1;
