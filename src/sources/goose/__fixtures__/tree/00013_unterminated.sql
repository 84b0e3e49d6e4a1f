-- +goose Up
-- +goose StatementBegin
select 1;
-- +goose Down
select 1;
