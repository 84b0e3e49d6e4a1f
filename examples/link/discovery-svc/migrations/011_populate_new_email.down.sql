-- Migration: Empty the new field
-- Version: 011 (DOWN)
-- Description: Carry addresses that the application changed in new_email back to email, then empty new_email

UPDATE users SET email = new_email, new_email = NULL WHERE new_email IS NOT NULL;
