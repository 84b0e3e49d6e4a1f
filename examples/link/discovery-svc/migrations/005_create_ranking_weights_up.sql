-- Migration: Create ranking weights table
-- Version: 005
-- Description: How much each signal counts in a ranking configuration

CREATE TABLE ranking_weights (
    configuration_id UUID NOT NULL REFERENCES ranking_configurations(id) ON DELETE CASCADE,
    signal VARCHAR(50) NOT NULL,
    weight NUMERIC(6, 3) NOT NULL DEFAULT 1 CHECK (weight >= 0),
    PRIMARY KEY (configuration_id, signal)
);
