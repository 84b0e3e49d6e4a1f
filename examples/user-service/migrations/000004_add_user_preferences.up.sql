-- Settings of a user, one row each.
CREATE TABLE user_service.user_preferences (
    user_id INTEGER NOT NULL REFERENCES user_service.users(id) ON DELETE CASCADE,
    name VARCHAR(100) NOT NULL,
    value JSONB NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (user_id, name)
);
