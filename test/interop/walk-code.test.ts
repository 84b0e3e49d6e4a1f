import { it } from 'vitest'
import { alembicPython } from '../tools.ts'
import { alembic, typeorm } from './real-tools.ts'
import { seed, walks } from './walk.ts'

const orm = typeorm()
const ai = alembic(alembicPython())
const patience = { timeout: 120_000 * Number(process.env.SKEIN_WALKS ?? 1) }

it.concurrent(`TypeORM and Skein in turns (seed ${seed})`, patience, async () => {
  await walks(
    'typeorm',
    ['up', 'up all', 'down', 'redo', 'add', 'late'],
    {
      async redo(at) {
        await orm.down(at, 1)
        await orm.up(at, 1)
      },
    },
    2,
    5,
  )
})

it.concurrent(`Alembic and Skein in turns (seed ${seed})`, patience, async () => {
  await walks(
    'alembic',
    ['up', 'up all', 'down', 'goto', 'redo', 'claim', 'add'],
    {
      goto: (at, { tree, applied }, n) => ai.say(at, (applied.at(-1) ?? 0) > n ? 'downgrade' : 'upgrade', tree.version(n)),
      async redo(at) {
        await ai.down(at, 1)
        await ai.up(at, 1)
      },
      claim: (at, { tree }, n) => ai.say(at, 'stamp', tree.version(n)),
    },
    2,
    5,
  )
})
