-- Migration: Bring back the old field
-- Version: 012 (DOWN)
-- Description: Two fields again, with the same addresses, and the old field's rules

-- Today's email is the former new_email: it stays, and new_email is made again beside it.
-- avatar_url stood between the two; it moves there again, so that the table reads exactly as before.
ALTER TABLE users RENAME COLUMN avatar_url TO old_avatar_url;
ALTER TABLE users
    ADD COLUMN avatar_url VARCHAR(500),
    ADD COLUMN new_email VARCHAR;

UPDATE users SET avatar_url = old_avatar_url, new_email = email;

ALTER TABLE users DROP COLUMN old_avatar_url;
CREATE INDEX idx_users_avatar_url ON users(avatar_url) WHERE avatar_url IS NOT NULL;

-- Fails, and changes nothing, if an address is missing or occurs twice: decide about these users first.
ALTER TABLE users
    ALTER COLUMN email SET NOT NULL,
    ADD CONSTRAINT users_email_key UNIQUE (email);
