-- +goose Up
-- +goose Statement Begin
select 1;
