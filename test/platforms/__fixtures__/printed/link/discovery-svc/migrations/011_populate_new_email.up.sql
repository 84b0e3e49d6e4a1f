-- Migration 011: Populate new field
UPDATE users SET new_email = email WHERE new_email IS NULL;
