CREATE TYPE build_status AS ENUM ('queued', 'running', 'succeeded', 'failed', 'cancelled');

CREATE TABLE builds (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id UUID NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    status build_status NOT NULL DEFAULT 'queued',
    started_by UUID REFERENCES users(id) ON DELETE SET NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    finished_at TIMESTAMP WITH TIME ZONE,
    UNIQUE (project_id, number)
);

CREATE INDEX idx_builds_started_by ON builds(started_by);
CREATE INDEX idx_builds_open ON builds(created_at) WHERE status IN ('queued', 'running');
