-- Migration: Drop ranking configurations table
-- Version: 004 (DOWN)
-- Description: Remove the ranking configurations table and its indexes

DROP TABLE IF EXISTS ranking_configurations;
