-- Types that mean the same in every service.
CREATE DOMAIN email_address AS citext CHECK (VALUE ~ '^[^@[:space:]]+@[^@[:space:]]+$');
CREATE DOMAIN slug AS VARCHAR(63) CHECK (VALUE ~ '^[a-z]([a-z0-9-]*[a-z0-9])?$');
CREATE TYPE record_status AS ENUM ('active', 'suspended', 'archived');
