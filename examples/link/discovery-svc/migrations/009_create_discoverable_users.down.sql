-- Migration: Drop view of discoverable users
-- Version: 009 (DOWN)
-- Description: Remove the view

DROP VIEW IF EXISTS discoverable_users;
