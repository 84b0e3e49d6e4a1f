DROP TABLE IF EXISTS kpi_values;
DROP TABLE IF EXISTS kpi_definitions;
