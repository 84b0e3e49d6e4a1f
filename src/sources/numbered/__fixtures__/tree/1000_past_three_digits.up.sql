-- 1000_past_three_digits.up.sql
select 1;
