import { SkeinError } from '../model/errors.ts'
import { dbmate } from './dbmate.ts'
import { alembic } from './alembic.ts'
import { diesel } from './diesel.ts'
import { golangMigrate } from './golang-migrate.ts'
import { goose } from './goose.ts'
import type { History } from './history.ts'
import { numbered } from './numbered.ts'
import { stamped } from './stamped.ts'
import { typeorm } from './typeorm.ts'

/** Every history that there is. A new one is a file beside these and a line here. */
export const histories: readonly History[] = [golangMigrate, diesel, numbered, stamped, goose, dbmate, typeorm, alembic]

/** The history of that name. Throws TOOL-UNKNOWN. */
export function historyNamed(name: string): History {
  const found = histories.find((history) => history.name === name)
  if (found) return found
  const names = histories.map((history) => history.name).join(', ')
  throw new SkeinError('TOOL-UNKNOWN', { message: `no history is called ${JSON.stringify(name)}`, hint: `these are: ${names}` })
}
