-- Migration: Drop users table
-- Version: 000 (DOWN)
-- Description: Remove the users table and the extension it brought along

DROP TABLE IF EXISTS users;
DROP EXTENSION IF EXISTS "uuid-ossp";
