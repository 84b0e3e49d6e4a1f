import { annotatedMaking } from '../new-annotated.ts'
import type { Making } from '../new-files.ts'
import { parseName, parseVersion } from './name.ts'

/** The time in UTC, as `dbmate new` writes it (2.36.0 pkg/dbmate/db.go, NewMigration). */
export const making: Making = annotatedMaking({
  parse: parseName,
  parseVersion,
  first: 'stamp',
  mark: /^--\s*migrate:up(?:\s|$)/m,
  join(up, down, alone) {
    const option = alone ? ' transaction:false' : ''
    return `-- migrate:up${option}\n${up}\n-- migrate:down${option}\n${down}`
  },
})
