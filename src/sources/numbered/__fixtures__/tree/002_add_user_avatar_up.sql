alter table users add column avatar_url varchar(500);
