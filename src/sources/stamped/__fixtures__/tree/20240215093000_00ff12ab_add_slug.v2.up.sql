-- 20240215093000_00ff12ab_add_slug.v2.up.sql
select 1;
