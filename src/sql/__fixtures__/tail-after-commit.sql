BEGIN;
CREATE TABLE inside (a int);
COMMIT;
CREATE INDEX CONCURRENTLY inside_a ON inside (a);
