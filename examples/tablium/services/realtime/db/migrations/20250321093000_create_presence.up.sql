-- Who is here now; and a broom for the sockets of a node that died.
CREATE VIEW presence AS
SELECT s.channel_id,
       c.user_id,
       count(*) AS sockets,
       max(c.last_seen_at) AS last_seen_at
FROM subscriptions s
JOIN connections c ON c.id = s.connection_id
WHERE c.disconnected_at IS NULL
GROUP BY s.channel_id, c.user_id;

CREATE FUNCTION close_stale_connections(silence INTERVAL DEFAULT INTERVAL '2 minutes') RETURNS INTEGER
LANGUAGE plpgsql AS $$
DECLARE
    closed INTEGER;
BEGIN
    UPDATE connections
    SET disconnected_at = NOW()
    WHERE disconnected_at IS NULL AND last_seen_at < NOW() - silence;
    GET DIAGNOSTICS closed = ROW_COUNT;
    RETURN closed;
END
$$;
