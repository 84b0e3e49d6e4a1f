-- Serves close_stale_connections() and the presence view; closed sockets stay out of it.
CREATE INDEX CONCURRENTLY idx_connections_live ON connections(last_seen_at) WHERE disconnected_at IS NULL;
