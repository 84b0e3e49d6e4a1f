-- +goose NO TRANSACTION
-- +goose up
create index concurrently users_a on users (name);
create index concurrently users_b on users (touched_at);
-- +goose down
drop index concurrently users_b;
drop index concurrently users_a;
