-- Builds are numbered per project, without gaps: the project's row is locked while its next build gets a number.
CREATE FUNCTION number_build() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM projects WHERE id = NEW.project_id FOR NO KEY UPDATE;
    SELECT coalesce(max(number), 0) + 1 INTO NEW.number FROM builds WHERE project_id = NEW.project_id;
    RETURN NEW;
END
$$;

CREATE TRIGGER builds_number BEFORE INSERT ON builds
    FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION number_build();
