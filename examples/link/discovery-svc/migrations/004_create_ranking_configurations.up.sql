-- Migration: Create ranking configurations table
-- Version: 004
-- Description: Named sets of rules by which found users are ordered; one of them is active

CREATE TABLE ranking_configurations (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    name VARCHAR(100) NOT NULL UNIQUE,
    description TEXT,
    is_active BOOLEAN NOT NULL DEFAULT FALSE,
    created_by UUID REFERENCES users(id) ON DELETE SET NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW()
);

CREATE INDEX idx_ranking_configurations_created_by ON ranking_configurations(created_by);
CREATE UNIQUE INDEX idx_ranking_configurations_one_active ON ranking_configurations(is_active) WHERE is_active;
