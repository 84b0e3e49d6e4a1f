CREATE TABLE done (a int);
INSERT INTO done VALUES (1) -- the last line has no newline