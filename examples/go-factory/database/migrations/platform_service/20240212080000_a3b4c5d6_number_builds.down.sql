DROP TRIGGER IF EXISTS builds_number ON builds;
DROP FUNCTION IF EXISTS number_build();
