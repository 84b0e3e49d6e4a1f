-- TODO: which query this index is for. CONCURRENTLY must stay alone in its file.
CREATE INDEX CONCURRENTLY idx_table_name_column_name ON user_service.table_name(column_name);
