-- 2024-01-07-000000-0000_text_value/down.sql
select 1;
