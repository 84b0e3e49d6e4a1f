import { it } from 'vitest'
import { runsOf, seed, walks } from './walk.ts'

const runs = runsOf(6)

it(`typeorm and Skein in turns (${runs} walks, seed ${seed})`, { timeout: 300_000 + runs * 30_000 }, async () => {
  await walks('typeorm', runs, 6)
})
