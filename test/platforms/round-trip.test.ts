import { describe, expect, it } from 'vitest'
import { compare } from '../../src/schema/compare.ts'
import { fingerprint } from '../../src/schema/fingerprint.ts'
import type { CatalogueRow } from '../../src/schema/kind.ts'
import { majors } from '../server.ts'
import { allExamples, exampleFolders, type Installed, install, nameOf } from './examples.ts'

it('no example is forgotten', () => {
  expect([...new Set(allExamples.map(({ folder }) => folder))].sort()).toEqual(exampleFolders())
})

describe.each(allExamples.map((example) => [nameOf(example), example] as const))('%s', (_name, example) => {
  const variables = Object.keys(example.databases)
  const catalogues = (installed: Installed) => Promise.all(variables.map((variable) => installed.catalogue(variable)))

  it.each(majors())('goes up, all the way down, and up again to the same catalogue on PostgreSQL %i', async (major) => {
    const installed = await install(example, major)
    const empty = await catalogues(installed)
    await installed.migrate('up', undefined)
    const full = await catalogues(installed)
    for (const [at, rows] of full.entries()) expect(rows.length).toBeGreaterThan((empty[at]?.length ?? 0) + 10)
    await installed.migrate('down', 'all')
    for (const [at, rows] of (await catalogues(installed)).entries()) same(rows, empty[at] ?? [])
    await installed.migrate('up', undefined)
    for (const [at, rows] of (await catalogues(installed)).entries()) same(rows, full[at] ?? [])
    await installed.end()
  })

  it('comes back through the catalogue of every single step', { timeout: 180_000 }, async () => {
    const installed = await install(example, Math.max(...majors()))
    const trail: { service: string; variable: string; before: CatalogueRow[] }[] = []
    for (const [variable, { services }] of Object.entries(example.databases)) {
      for (const service of services) {
        for (let first = true; ; first = false) {
          const before = await installed.catalogue(variable)
          const { plan } = await installed.migrate('up', 1, [service])
          if (plan.steps.length === 0 && !first) break
          expect(plan.steps.map((step) => step.service)).toEqual([service])
          trail.push({ service, variable, before })
        }
      }
    }
    for (const { service, variable, before } of trail.toReversed()) {
      await installed.migrate('down', 1, [service])
      same(await installed.catalogue(variable), before)
    }
    await installed.end()
  })
})

function same(are: readonly CatalogueRow[], were: readonly CatalogueRow[]): void {
  expect(compare(were, are)).toEqual([])
  expect(fingerprint(are).total).toBe(fingerprint(were).total)
}
