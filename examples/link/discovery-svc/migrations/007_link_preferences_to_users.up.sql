-- Migration: Link preferences to users
-- Version: 007
-- Description: Preferences go when their user goes

ALTER TABLE user_preferences
    ADD CONSTRAINT fk_user_preferences_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE NOT VALID;
ALTER TABLE user_preferences VALIDATE CONSTRAINT fk_user_preferences_user_id;
