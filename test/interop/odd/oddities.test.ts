import { expect, it } from 'vitest'
import { oddTrees } from './all.ts'
import { oddities, wanted } from './oddities.ts'
import { refusedTrees } from './refused.ts'

const trees = new Map([...oddTrees, ...refusedTrees].map((tree) => [tree.name, tree]))

it('each oddity is in a tree that is run against its tool', () => {
  expect(wanted.filter((name) => !oddities.some(([oddity]) => oddity === name))).toEqual([])
})

it('each tree has an oddity', () => {
  expect([...trees.keys()].filter((name) => !oddities.some(([, tree]) => tree === name))).toEqual([])
})

it.each(oddities)('%s: %s, %s', (_oddity, tree, file, shows) => {
  const found = trees.get(tree)
  const text = found?.files[`${found.path}/${file}`]
  expect(text).toBeDefined()
  expect(`${file}\n${text}`).toMatch(shows)
})

it('what is said to be elsewhere, guarded or not there is so', () => {
  const tableOf = (name: string) => trees.get(name)?.real.table
  const custom = oddities.filter(([oddity]) => oddity === 'custom table' || oddity === 'table in another schema')
  for (const [, tree] of custom) expect(tableOf(tree), tree).toMatch(/^ops\./)
  expect(trees.get('golang-migrate, guarded table elsewhere')?.before?.('postgresql://h/d')).toContain('create trigger')
  for (const [tree, file] of [
    ['golang-migrate, everyday', 'app/0_start.down.sql'],
    ['diesel, no down', 'app/migrations/1_a/down.sql'],
  ] as const)
    expect(trees.get(tree)?.files).not.toHaveProperty([file])
})
