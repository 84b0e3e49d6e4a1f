alter table users drop column if exists avatar_url;
