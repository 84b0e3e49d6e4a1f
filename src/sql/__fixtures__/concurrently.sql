CREATE TABLE products (id bigint, name text);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_products_name ON shop.products (name); -- stands alone
CREATE UNIQUE INDEX CONCURRENTLY ON "Products" (id);
ALTER TABLE products ADD COLUMN phone text;
DROP INDEX CONCURRENTLY IF EXISTS shop.idx_old;
REINDEX (CONCURRENTLY, VERBOSE) INDEX idx_products_name;
REINDEX TABLE CONCURRENTLY products;
CREATE INDEX plain_one ON products (phone)
