CREATE TABLE user_profiles (
    user_id UUID PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
    given_name VARCHAR(100),
    family_name VARCHAR(100),
    avatar_url VARCHAR(500),
    time_zone VARCHAR(64) NOT NULL DEFAULT 'UTC'
);

CREATE TABLE user_preferences (
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    key VARCHAR(100) NOT NULL,
    value JSONB NOT NULL,
    PRIMARY KEY (user_id, key)
);
