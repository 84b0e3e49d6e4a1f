CREATE TABLE dashboards (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id UUID NOT NULL,
    owner_id UUID NOT NULL,
    title VARCHAR(200) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    FOREIGN KEY (tenant_id, owner_id) REFERENCES users(tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX idx_dashboards_owner ON dashboards(tenant_id, owner_id);

CREATE TABLE dashboard_kpis (
    dashboard_id UUID NOT NULL REFERENCES dashboards(id) ON DELETE CASCADE,
    position SMALLINT NOT NULL CHECK (position >= 0),
    kpi_id UUID NOT NULL REFERENCES kpi_definitions(id) ON DELETE CASCADE,
    PRIMARY KEY (dashboard_id, position)
);

CREATE INDEX idx_dashboard_kpis_kpi_id ON dashboard_kpis(kpi_id);
