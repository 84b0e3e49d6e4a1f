import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What one migration of the set does, in turn: every ten make two tables and grow them as a service does over its years. */
const kinds = [accounts, orders, index, column, foreignKey, view, trigger, data, lookup, partialIndex]

/**
 * Writes `count` realistic migrations with their downs in golang-migrate's layout into `folder`, the same bytes each time. Gives their paths in
 * order and what must be in the database after all of them.
 */
export function writeMigrations(folder, count) {
  mkdirSync(folder, { recursive: true })
  const files = []
  const expected = { tables: 0, indexes: 0, views: 0, functions: 0, foreignKeys: 0, rows: 0 }
  for (let at = 0; at < count; at++) {
    const version = String(at + 1).padStart(6, '0')
    const group = Math.floor(at / kinds.length)
    const made = kinds[at % kinds.length](group)
    const [up, down] = ['up', 'down'].map((direction) => join(folder, `${version}_${made.title}.${direction}.sql`))
    writeFileSync(up, made.up)
    writeFileSync(down, made.down)
    files.push({ version: at + 1, up, down })
    for (const [what, number] of Object.entries(made.adds)) expected[what] += number
  }
  return { folder, files, expected }
}

function accounts(group) {
  const table = `accounts_${group}`
  const up = `-- Accounts of region ${group}: who may sign in.
CREATE TABLE ${table} (
    id bigserial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    display_name varchar(255) NOT NULL,
    token char(32) NOT NULL DEFAULT '${digest(table)}',
    settings jsonb NOT NULL DEFAULT '{}'::jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ${table}_email_has_at CHECK (position('@' in email) > 1)
);

COMMENT ON TABLE ${table} IS 'Who may sign in';
`
  return { title: `create_${table}`, up, down: `DROP TABLE IF EXISTS ${table};\n`, adds: { tables: 1, indexes: 2 } }
}

function orders(group) {
  const table = `orders_${group}`
  const up = `-- Orders, each of one account.
CREATE TABLE ${table} (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES accounts_${group} (id) ON DELETE CASCADE,
    status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid', 'sent', 'done')),
    amount numeric(12, 2) NOT NULL DEFAULT 0,
    placed_at timestamptz NOT NULL DEFAULT now()
);
`
  return { title: `create_${table}`, up, down: `DROP TABLE IF EXISTS ${table};\n`, adds: { tables: 1, indexes: 1, foreignKeys: 1 } }
}

function index(group) {
  const up = `CREATE INDEX orders_${group}_account_idx ON orders_${group} (account_id, placed_at DESC);\n`
  return { title: `index_orders_${group}`, up, down: `DROP INDEX IF EXISTS orders_${group}_account_idx;\n`, adds: { indexes: 1 } }
}

function column(group) {
  const table = `accounts_${group}`
  const up = `-- People may say when they want to be written to.
ALTER TABLE ${table} ADD COLUMN locale text NOT NULL DEFAULT 'en';
ALTER TABLE ${table} ADD COLUMN referred_by bigint;
ALTER TABLE ${table} ADD CONSTRAINT ${table}_locale_known CHECK (locale IN ('en', 'de', 'fr', 'sr'));
`
  const down = `ALTER TABLE ${table} DROP COLUMN referred_by;\nALTER TABLE ${table} DROP COLUMN locale;\n`
  return { title: `add_locale_to_${table}`, up, down, adds: {} }
}

function foreignKey(group) {
  const table = `accounts_${group}`
  const up = `ALTER TABLE ${table}\n    ADD CONSTRAINT ${table}_referred_by_fk FOREIGN KEY (referred_by) REFERENCES ${table} (id);\n`
  const down = `ALTER TABLE ${table} DROP CONSTRAINT ${table}_referred_by_fk;\n`
  return { title: `reference_${table}`, up, down, adds: { foreignKeys: 1 } }
}

function view(group) {
  const up = `CREATE VIEW open_orders_${group} AS
SELECT o.id, o.amount, o.placed_at, a.email
FROM orders_${group} o
JOIN accounts_${group} a ON a.id = o.account_id
WHERE o.status <> 'done';
`
  return { title: `view_open_orders_${group}`, up, down: `DROP VIEW IF EXISTS open_orders_${group};\n`, adds: { views: 1 } }
}

function trigger(group) {
  const table = `accounts_${group}`
  const up = `CREATE FUNCTION touch_${table}() RETURNS trigger AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER ${table}_touch BEFORE UPDATE ON ${table}
    FOR EACH ROW EXECUTE FUNCTION touch_${table}();
`
  const down = `DROP TRIGGER ${table}_touch ON ${table};\nDROP FUNCTION touch_${table}();\n`
  return { title: `touch_${table}`, up, down, adds: { functions: 1 } }
}

function data(group) {
  const people = Array.from({ length: 8 }, (_, at) => `    ('user${at}@region${group}.example', 'User ${at}', 'de')`)
  const up = `INSERT INTO accounts_${group} (email, display_name, locale) VALUES
${people.join(',\n')};
INSERT INTO orders_${group} (account_id, amount) SELECT id, id * 10 FROM accounts_${group};
`
  return { title: `seed_region_${group}`, up, down: `DELETE FROM orders_${group};\nDELETE FROM accounts_${group};\n`, adds: { rows: 16 } }
}

function lookup(group) {
  const table = `orders_${group}`
  const up = `-- Sums for the reports; filled from what is there.
ALTER TABLE ${table} ADD COLUMN net numeric(12, 2);
UPDATE ${table} SET net = round(amount / 1.2, 2);
ALTER TABLE ${table} ALTER COLUMN net SET NOT NULL;
COMMENT ON COLUMN ${table}.net IS 'Without tax';
`
  return { title: `add_net_to_${table}`, up, down: `ALTER TABLE ${table} DROP COLUMN net;\n`, adds: {} }
}

function partialIndex(group) {
  const up = `CREATE INDEX orders_${group}_unpaid_idx ON orders_${group} (placed_at) WHERE status = 'new';\n`
  return { title: `index_unpaid_orders_${group}`, up, down: `DROP INDEX IF EXISTS orders_${group}_unpaid_idx;\n`, adds: { indexes: 1 } }
}

function digest(text) {
  return createHash('md5').update(text).digest('hex')
}
