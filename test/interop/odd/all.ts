import { alembicTrees } from './alembic.ts'
import { dbmateTrees } from './dbmate.ts'
import { dieselTrees } from './diesel.ts'
import { golangTrees } from './golang-migrate.ts'
import { gooseTrees } from './goose.ts'
import type { OddTree } from './tree.ts'
import { typeormTrees } from './typeorm.ts'

/** Every odd tree. */
export const oddTrees: readonly OddTree[] = [
  ...golangTrees,
  ...dieselTrees,
  ...gooseTrees,
  ...dbmateTrees,
  ...typeormTrees,
  ...alembicTrees,
]
