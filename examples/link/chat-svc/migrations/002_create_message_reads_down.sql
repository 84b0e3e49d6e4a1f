-- Migration: Drop message reads table
-- Version: 002 (DOWN)
-- Description: Remove the record of read messages

DROP TABLE IF EXISTS message_reads;
