-- ends with END, and a comment behind it

START TRANSACTION ISOLATION LEVEL SERIALIZABLE;
ALTER TABLE entity ALTER COLUMN id TYPE text;
SAVEPOINT here;
UPDATE entity SET id = lower(id);
RELEASE SAVEPOINT here;
END; -- done
