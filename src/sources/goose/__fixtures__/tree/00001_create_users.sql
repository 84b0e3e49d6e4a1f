-- Users of the shop.

-- +goose Up
create table users (id bigint primary key, name text not null);
create index users_name on users (name);

-- +goose Down
drop table users;
