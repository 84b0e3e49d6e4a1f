ALTER TABLE user_service.table_name DROP COLUMN IF EXISTS column_name;
