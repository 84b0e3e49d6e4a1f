import type { Subject } from './subject.ts'

/** Both directions as SQL, with line feeds. */
export interface SqlBody {
  up: string
  down: string
  /** It cannot run in a transaction. */
  alone: boolean
}

/** What a new migration begins with, by type; every one runs both ways as it stands, given that an index has its table. */
export const builtIn: Readonly<Record<string, (subject: Subject, concurrently: boolean) => SqlBody>> = {
  table: ({ table }) => ({
    up: `CREATE TABLE ${table} (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
);
`,
    down: `DROP TABLE IF EXISTS ${table};\n`,
    alone: false,
  }),
  index({ table, column, index }, concurrently) {
    const how = concurrently ? ' CONCURRENTLY' : ''
    const schema = table.includes('.') ? `${table.slice(0, table.lastIndexOf('.'))}.` : ''
    return {
      up: `CREATE INDEX${how} ${index} ON ${table} (${column});\n`,
      down: `DROP INDEX${how} IF EXISTS ${schema}${index};\n`,
      alone: concurrently,
    }
  },
  data: ({ table }) => ({
    up: `-- Rows, not structure: every statement such that it may meet data of any age.\n-- UPDATE ${table} SET … WHERE …;\n`,
    down: `-- What brings the rows back as they were.\n`,
    alone: false,
  }),
  schema: ({ schema }) => ({ up: `CREATE SCHEMA ${schema};\n`, down: `DROP SCHEMA IF EXISTS ${schema};\n`, alone: false }),
}

/** Nothing yet. */
export const nothing: SqlBody = { up: '', down: '', alone: false }
