-- Migration: Create user availability table
-- Version: 003
-- Description: Whether a user can be found just now, and until when

CREATE TYPE availability_status AS ENUM ('available', 'busy', 'invisible');

CREATE TABLE user_availability (
    user_id UUID PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
    status availability_status NOT NULL DEFAULT 'invisible',
    available_until TIMESTAMP WITH TIME ZONE,
    last_available_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    CONSTRAINT user_availability_end_only_if_available CHECK (available_until IS NULL OR status = 'available')
);
