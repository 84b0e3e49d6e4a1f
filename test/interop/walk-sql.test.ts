import { it } from 'vitest'
import { dbmate, diesel, golangMigrate, goose } from './real-tools.ts'
import { seed, walks } from './walk.ts'

const migrate = golangMigrate()
const patience = { timeout: 60_000 * Number(process.env.SKEIN_WALKS ?? 1) * 3 }

it(`golang-migrate and Skein in turns (seed ${seed})`, patience, async () => {
  await walks(
    'golang-migrate',
    ['up', 'up', 'up all', 'down', 'goto', 'redo', 'claim', 'add'],
    {
      goto: (at, { applied }, n) => (applied.at(-1) === n ? Promise.resolve() : migrate.say(at, 'goto', String(n))),
      async redo(at) {
        await migrate.down(at, 1)
        await migrate.up(at, 1)
      },
      claim: (at, _walk, n) => migrate.say(at, 'force', String(n)),
    },
    4,
    8,
  )
})

it(`goose and Skein in turns (seed ${seed})`, patience, async () => {
  await walks(
    'goose',
    ['up', 'up', 'up all', 'down', 'goto', 'redo', 'add', 'late'],
    {
      goto: (at, { applied }, n) => goose.say(at, (applied.at(-1) ?? 0) > n ? 'down-to' : 'up-to', String(n)),
      redo: (at) => goose.say(at, 'redo'),
    },
    4,
    8,
  )
})

it(`dbmate and Skein in turns (seed ${seed})`, patience, async () => {
  await walks(
    'dbmate',
    ['up', 'up', 'up all', 'down', 'redo', 'add', 'late'],
    {
      async redo(at) {
        await dbmate.down(at, 1)
        await dbmate.up(at, 1)
      },
    },
    4,
    8,
  )
})

it(`diesel and Skein in turns (seed ${seed})`, patience, async () => {
  await walks('diesel', ['up', 'up', 'up all', 'down', 'redo', 'add', 'late'], { redo: (at) => diesel.say(at, 'redo') }, 4, 8)
})
