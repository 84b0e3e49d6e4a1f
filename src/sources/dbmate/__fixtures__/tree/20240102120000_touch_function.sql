-- migrate:up
create function touch() returns trigger language plpgsql as $$
begin
  new.touched_at := now();
  return new;
end
$$;

-- migrate:down
drop function touch();
