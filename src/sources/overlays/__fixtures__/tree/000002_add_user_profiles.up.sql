-- 000002_add_user_profiles.up.sql
select 1;
