-- Migration: Require email
-- Version: 013
-- Description: The new field gets the rules of the old one; the unique index is built while the table is in use

CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users(email);

ALTER TABLE users
    ALTER COLUMN email SET NOT NULL,
    ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;
