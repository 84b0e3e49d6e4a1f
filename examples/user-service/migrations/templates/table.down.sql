DROP TABLE IF EXISTS user_service.table_name;
