import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { alembicPython } from '../../../test/tools.ts'
import { openFolder } from '../../util/folder.ts'
import { alembic } from './index.ts'
import { type Node, orderOf, parentsOf } from './order.ts'

/** Graphs with branches, merges, several bases; files are named otherwise than by age. One `depends_on` each: Alembic takes several in any order. */
const graphs = fc
  .array(
    fc.record({ downs: fc.array(fc.nat(), { maxLength: 3 }), depends: fc.array(fc.nat(), { maxLength: 1 }), name: fc.nat({ max: 99 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((shape) => {
    const ids = shape.map(({ name }, at) => `r${name}_${at}`)
    return shape.map(({ downs, depends }, at): Node => {
      const pick = (numbers: readonly number[]) => (at === 0 ? [] : [...new Set(numbers.map((number) => ids[number % at] ?? ''))])
      const parents = pick(downs)
      return { revision: ids[at] ?? '', downs: parents, depends: pick(depends).filter((id) => !parents.includes(id)) }
    })
  })

describe('the order of revisions', () => {
  beforeAll(async () => alembic.ready?.())

  it('puts nothing before what it stands on, and leaves nothing out', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const order = orderOf(nodes.toSorted((a, b) => (a.revision < b.revision ? -1 : 1)))
        expect(order.map(({ revision }) => revision).toSorted()).toEqual(nodes.map(({ revision }) => revision).toSorted())
        for (const [at, node] of order.entries()) {
          const before = order.slice(0, at).map(({ revision }) => revision)
          expect(before).toEqual(expect.arrayContaining(parentsOf(node)))
        }
      }),
    )
  })

  it('is that of Alembic', { timeout: 60_000 }, () => {
    const root = mkdtempSync(join(tmpdir(), 'skein-order-'))
    try {
      const folders = fc.sample(graphs, { numRuns: 60, seed: 1872 }).map((nodes, at) => {
        const folder = join(root, String(at))
        mkdirSync(join(folder, 'versions'), { recursive: true })
        for (const node of nodes) writeFileSync(join(folder, 'versions', `${node.revision}.py`), fileOf(node))
        return folder
      })
      const told: string[][] = JSON.parse(
        execFileSync(alembicPython(), ['-B', join(import.meta.dirname, '__fixtures__', 'walk.py'), ...folders], { encoding: 'utf8' }),
      )
      for (const [at, folder] of folders.entries()) {
        const { migrations } = alembic.read([openFolder(folder, root)])
        expect(
          migrations.map(({ version }) => version),
          `graph ${at}`,
        ).toEqual(told[at])
      }
    } finally {
      rmSync(root, { recursive: true })
    }
  })

  it('takes ten thousand revisions in a row', () => {
    const nodes = Array.from(
      { length: 10_000 },
      (_, at): Node => ({ revision: `r${at}`, downs: at === 0 ? [] : [`r${at - 1}`], depends: [] }),
    )
    expect(orderOf(nodes.toReversed()).map(({ revision }) => revision)).toEqual(nodes.map(({ revision }) => revision))
  })
})

function fileOf({ revision, downs, depends }: Node): string {
  const tuple = (ids: readonly string[]) => (ids.length === 0 ? 'None' : `(${ids.map((id) => `'${id}',`).join(' ')})`)
  return `revision = '${revision}'\ndown_revision = ${tuple(downs)}\ndepends_on = ${tuple(depends)}\n\ndef upgrade(): pass\ndef downgrade(): pass\n`
}
