-- Migration: Drop index of available users
-- Version: 006 (DOWN)
-- Description: Remove the index while the table is in use

DROP INDEX CONCURRENTLY IF EXISTS idx_user_availability_available;
