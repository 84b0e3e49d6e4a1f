-- Migration: Do not count unread messages
-- Version: 004 (DOWN)
-- Description: Remove the view

DROP VIEW IF EXISTS unread_messages;
