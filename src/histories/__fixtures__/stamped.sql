-- A home-made runner that documents its names and the key; the types are those that such runners mostly use.
CREATE TABLE schema_migrations (
    version VARCHAR(255),
    service VARCHAR(100),
    applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (version, service)
);
