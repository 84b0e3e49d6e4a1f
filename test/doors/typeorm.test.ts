import { join } from 'node:path'
import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { typeorm } from '../../src/doors/typeorm/index.ts'
import { className, type TypeormWanted, typeormWorkspace } from '../code/services.ts'
import { playBoth, type Sides } from './beside-tool.ts'
import { typeormMasks } from './masks.ts'
import { broken, d, on, situations, three, two } from './typeorm-situations.ts'

const sides: Sides = {
  name: 'typeorm',
  tool: (cwd) => [join(cwd, 'node_modules', '.bin', 'typeorm-ts-node-commonjs')],
  door: typeorm,
  masks: typeormMasks,
  rows: "select id || ':' || timestamp || ':' || name as row from migrations order by id",
  env: { TS_NODE_TRANSPILE_ONLY: '1' },
}

describe('skein as typeorm says and does what TypeORM says and does', () => {
  for (const [at, one] of situations.entries())
    for (const place of at % 6 === 1 ? ['alone', 'in a workspace'] : ['alone'])
      it(`${one.name}, ${place}`, async () => {
        const folder = () => made(one, place === 'alone')
        await playBoth({ name: one.name, folder, cwd: 'app', acts: one.acts, asProcess: at % 9 === 1 }, sides)
      })
})

describe('where it differs on purpose', () => {
  it('each migration is committed with its rows, so what was good before a failure stays, also with -t all', async () => {
    const state = `a migrations 1:1700000000001:${className(1)}`
    const acts = [{ ...on('run', '-t', 'all'), otherwise: { state } }]
    await playBoth({ name: 'all', folder: () => made({ up: broken }, true), cwd: 'app', acts }, sides)
  })

  it('generate -n NAME, as TypeORM 0.2 took it, makes the file beside the others', async () => {
    const { folderRun } = await alone({ up: two })
    const { exit, stderr } = await folderRun(['migration:create', '-n', 'AddThing', '-t', '1800000000000'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const shown = await folderRun(['migration:show', ...d])
    expect(shown.stdout).toContain('[ ] AddThing1800000000000\n')
  })

  it('takes back in order only', async () => {
    const { folderRun, database } = await alone({ up: three })
    await folderRun(['migration:run', ...d])
    await database("update migrations set id = 9 where name = 'Step11700000000001'")
    const { exit, stdout, stderr } = await folderRun(['migration:revert', ...d])
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: 'Error during migration revert:\n' })
    expect(stderr).toContain(`${className(1)} was run last, and ${className(3)} stands behind it`)
  })
})

async function alone(wanted: TypeormWanted) {
  const { runDoor } = await import('./beside-tool.ts')
  const { freshDatabase } = await import('../server.ts')
  const { sql } = await import('../cli/kit.ts')
  const root = made(wanted, true)
  const { url } = await freshDatabase()
  const env = { PATH: process.env.PATH, HOME: root, ...sides.env, DATABASE_URL: url }
  return {
    folderRun: (words: string[]) => runDoor(typeorm, words, { cwd: join(root, 'app'), env }),
    database: (text: string) => sql(url, text),
  }
}

function made({ up, more }: { up: readonly string[]; more?: Partial<TypeormWanted> }, isAlone: boolean): string {
  const root = typeormWorkspace({ up, ...more })
  if (isAlone) rmSync(join(root, 'skein.yaml'))
  return root
}
