DROP TABLE IF EXISTS dashboard_kpis;
DROP TABLE IF EXISTS dashboards;
