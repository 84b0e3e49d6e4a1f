/** What is odd in real trees, in the files of each tool: Skein and the real tool make the same of it. */
import { describe, it } from 'vitest'
import { oddTrees } from './all.ts'
import { sameAtOnce, sameSteps } from './same.ts'

describe.each(oddTrees.map((odd) => [odd.name, odd] as const))('%s', (_name, odd) => {
  it.concurrent('step by step', { timeout: 300_000 }, () => sameSteps(odd))
  it.concurrent('at once', { timeout: 300_000 }, () => sameAtOnce(odd))
})
