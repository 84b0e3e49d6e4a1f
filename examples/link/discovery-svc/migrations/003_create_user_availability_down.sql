-- Migration: Drop user availability table
-- Version: 003 (DOWN)
-- Description: Remove the availability table and its type

DROP TABLE IF EXISTS user_availability;
DROP TYPE IF EXISTS availability_status;
