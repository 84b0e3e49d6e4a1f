DROP TABLE IF EXISTS api_client_routes;
DROP TABLE IF EXISTS api_clients;
