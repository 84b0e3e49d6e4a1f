-- TODO: what this column is for
ALTER TABLE user_service.table_name ADD COLUMN column_name TEXT;
