import { it } from 'vitest'
import { runsOf, seed, walks } from './walk.ts'

const runs = runsOf(30)

it(`diesel and Skein in turns (${runs} walks, seed ${seed})`, { timeout: 240_000 + runs * 10_000 }, async () => {
  await walks('diesel', runs, 8)
})
