-- seeds/users.sql
select 1;
