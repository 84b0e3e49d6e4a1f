-- 20240101120000_b7e0c9aa_create_plans.down.sql
select 1;
