-- Migration: Drop chat tables
-- Version: 001 (DOWN)
-- Description: Remove messages, members, rooms and their types

DROP TABLE IF EXISTS messages;
DROP TABLE IF EXISTS room_members;
DROP TABLE IF EXISTS chat_rooms;
DROP TYPE IF EXISTS room_role;
DROP TYPE IF EXISTS chat_room_kind;
