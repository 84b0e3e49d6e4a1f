CREATE TABLE before_it (a int);
BEGIN;
CREATE TABLE inside (a int);
COMMIT;
