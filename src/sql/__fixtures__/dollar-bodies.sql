-- A function with semicolons, a string that looks like a dollar quote, and a body inside a body.
CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger AS $$
BEGIN
  NEW.updated_at = now(); -- COMMIT; is only a word here
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE FUNCTION nested() RETURNS void LANGUAGE plpgsql AS $outer$
BEGIN
  EXECUTE $inner$ create table t (a text default '$$;'); $inner$;
END
$outer$;

DO $$ BEGIN
  CREATE TYPE mood AS ENUM ('sad;', 'ok');
EXCEPTION WHEN duplicate_object THEN NULL;
END $$;
