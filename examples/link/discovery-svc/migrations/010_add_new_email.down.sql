-- Migration: Remove the new field
-- Version: 010 (DOWN)
-- Description: email has been the valid field all along

ALTER TABLE users DROP COLUMN IF EXISTS new_email;
