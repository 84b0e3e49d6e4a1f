-- 000002_add_user_profiles.down.sql
select 1;
