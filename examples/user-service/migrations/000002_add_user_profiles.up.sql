-- What users tell about themselves: at most one profile each.
CREATE TABLE user_service.user_profiles (
    user_id INTEGER PRIMARY KEY REFERENCES user_service.users(id) ON DELETE CASCADE,
    bio TEXT,
    avatar_url VARCHAR(500),
    birthday DATE CHECK (birthday > DATE '1900-01-01'),
    country CHAR(2) CHECK (country ~ '^[A-Z]{2}$'),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP
);
