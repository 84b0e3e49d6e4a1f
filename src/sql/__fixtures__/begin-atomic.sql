CREATE FUNCTION add(a int, b int) RETURNS int
  LANGUAGE sql
  BEGIN ATOMIC
    SELECT 1;
    SELECT a + b;
  END;
CREATE RULE keep AS ON DELETE TO accounts DO INSTEAD (
  UPDATE accounts SET deleted = true WHERE id = old.id;
  NOTIFY accounts;
);
SELECT add(1, 2);
