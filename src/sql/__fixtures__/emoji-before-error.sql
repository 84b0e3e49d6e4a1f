-- 😀 an emoji takes one column, two UTF-16 units and four bytes
INSERT INTO t VALUES ('😀é'); SELECT ❌ FROM;
