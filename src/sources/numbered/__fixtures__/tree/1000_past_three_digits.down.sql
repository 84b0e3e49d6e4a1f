-- 1000_past_three_digits.down.sql
select 1;
