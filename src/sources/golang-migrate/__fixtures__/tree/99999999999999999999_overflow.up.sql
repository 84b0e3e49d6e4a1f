-- 99999999999999999999_overflow.up.sql
select 1;
