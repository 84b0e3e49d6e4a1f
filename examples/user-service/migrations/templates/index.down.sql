DROP INDEX CONCURRENTLY IF EXISTS user_service.idx_table_name_column_name;
