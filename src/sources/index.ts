import { diesel } from './diesel/index.ts'
import { golangMigrate } from './golang-migrate/index.ts'
import { numbered } from './numbered/index.ts'
import type { Source } from './source.ts'
import { stamped } from './stamped/index.ts'

/** Every layout by its name. To add one: one folder, one line here (see source.ts). */
export const sources: ReadonlyMap<string, Source> = new Map(
  [golangMigrate, numbered, stamped, diesel].map((source) => [source.name, source]),
)
