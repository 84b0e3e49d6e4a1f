-- a comment may come first

select 1;
-- migrate:up
-- migrate:down
