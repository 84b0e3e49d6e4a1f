-- 20240215093000_00ff12ab_add_slug.v2.down.sql
select 1;
