-- +goose Up
do $$
begin
  perform 1;
end $$;
-- +goose Down
select 1;
