-- +goose Up
alter table users add column touched_at timestamptz;

-- +goose StatementBegin
create function touch() returns trigger language plpgsql as $$
begin
  new.touched_at := now(); -- a semicolon inside
  return new;
end
$$
-- +goose StatementEnd

create trigger touch before update on users for each row execute function touch();

-- +goose Down
drop trigger touch on users;
-- +goose StatementBegin
drop function touch()
-- +goose StatementEnd
alter table users drop column touched_at;
