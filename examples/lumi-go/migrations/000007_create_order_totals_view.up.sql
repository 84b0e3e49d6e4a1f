CREATE VIEW order_totals AS
SELECT o.id AS order_id,
       o.user_id,
       o.status,
       COALESCE(sum(i.quantity * i.unit_price), 0) AS total
FROM orders o
LEFT JOIN order_items i ON i.order_id = o.id
GROUP BY o.id;
