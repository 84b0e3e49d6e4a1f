-- What is measured, and the measured values day by day.
CREATE TABLE kpi_definitions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id UUID NOT NULL REFERENCES tenants(id) ON DELETE CASCADE,
    name VARCHAR(100) NOT NULL,
    unit VARCHAR(20) NOT NULL DEFAULT '',
    target NUMERIC,
    UNIQUE (tenant_id, name)
);

CREATE TABLE kpi_values (
    kpi_id UUID NOT NULL REFERENCES kpi_definitions(id) ON DELETE CASCADE,
    day DATE NOT NULL,
    value NUMERIC NOT NULL,
    PRIMARY KEY (kpi_id, day)
);
