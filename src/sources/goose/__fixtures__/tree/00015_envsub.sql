-- +goose ENVSUB ON
-- +goose Up
create role ${APP_ROLE};
-- +goose Down
select 1;
