-- Migration: Drop ranking weights table
-- Version: 005 (DOWN)
-- Description: Remove the weights of ranking configurations

DROP TABLE IF EXISTS ranking_weights;
