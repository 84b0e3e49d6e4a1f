import { alembic } from './alembic/index.ts'
import { dbmate } from './dbmate/index.ts'
import { diesel } from './diesel/index.ts'
import { golangMigrate } from './golang-migrate/index.ts'
import { goose } from './goose/index.ts'
import { numbered } from './numbered/index.ts'
import type { Source } from './source.ts'
import { stamped } from './stamped/index.ts'
import { typeorm } from './typeorm/index.ts'

/** Every layout by its name. To add one: one folder, one line here (see source.ts). */
export const sources: ReadonlyMap<string, Source> = new Map(
  [golangMigrate, numbered, stamped, diesel, typeorm, alembic, goose, dbmate].map((source) => [source.name, source]),
)
