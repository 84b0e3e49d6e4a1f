CREATE PROCEDURE purge() LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    DELETE FROM old_rows WHERE id IN (SELECT id FROM old_rows LIMIT 1000);
    EXIT WHEN NOT FOUND;
    COMMIT;
  END LOOP;
END $$;
DO $$
DECLARE n int;
BEGIN
  BEGIN
    SELECT count(*) INTO n FROM t;
  EXCEPTION WHEN undefined_table THEN n := 0;
  END;
  IF n = 0 THEN
    ROLLBACK AND CHAIN;
  END IF;
END $$;
DO $$ BEGIN RAISE NOTICE 'commit; rollback;'; /* COMMIT; */ END $$;
CALL purge();
CALL elsewhere();
