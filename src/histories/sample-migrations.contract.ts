import { createHash } from 'node:crypto'
import type { Migration, SqlFile } from '../model/migration.ts'

/** Migrations of these versions, each with an up and a down of its own, which no test of a history opens as files. */
export function sampleMigrations(versions: readonly string[]): Migration[] {
  return versions.map((version, index) => ({
    version,
    name: `create_table_${index}`,
    id: `${version}_create_table_${index}`,
    up: inMemory(`${version}.up.sql`, `create table t${index} ()`),
    down: inMemory(`${version}.down.sql`, `drop table t${index}`),
    sending: 'split',
  }))
}

function inMemory(file: string, content: string): SqlFile {
  return {
    kind: 'sql',
    file,
    path: `/${file}`,
    raw: () => Buffer.from(content),
    text: () => content,
    sha256: () => createHash('sha256').update(content).digest('hex'),
    forget: () => {},
  }
}
