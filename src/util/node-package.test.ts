import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findDataSource, packageFolderOf } from './node-package.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'skein-package-')))
for (const folder of ['work/app/src/migrations', 'work/app/other/migrations', 'work/bare/migrations'])
  mkdirSync(join(root, folder), { recursive: true })
for (const file of ['package.json', 'work/app/package.json', 'work/app/src/data-source.ts', 'work/app/other/ormconfig.js'])
  writeFileSync(join(root, file), '{}')
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('packageFolderOf', () => {
  const workspace = join(root, 'work')
  it.each<[string, string[], string]>([
    ['the nearest package.json', ['app/src/migrations'], 'app'],
    ['that of the first folder', ['app/src/migrations', 'bare/migrations'], 'app'],
    ['not above the workspace', ['bare/migrations'], ''],
    ['of no folder', [], ''],
    ['of a folder outside', ['../elsewhere'], ''],
  ])('%s', (_, folders, expected) => {
    expect(
      packageFolderOf(
        folders.map((folder) => join(workspace, folder)),
        workspace,
      ),
    ).toBe(join(workspace, expected))
  })
})

describe('findDataSource', () => {
  const app = join(root, 'work/app')
  it('takes what lies nearest to the migrations, then the usual places, and the named one before all', () => {
    expect(findDataSource(app, [])).toBe(join(app, 'src/data-source.ts'))
    expect(findDataSource(app, [join(app, 'other/migrations')])).toBe(join(app, 'other/ormconfig.js'))
    expect(findDataSource(app, [join(root, 'elsewhere')])).toBe(join(app, 'src/data-source.ts'))
    expect(findDataSource(app, [], 'other/ormconfig.js')).toBe(join(app, 'other/ormconfig.js'))
    expect(findDataSource(app, [], join(app, 'other/ormconfig.js'))).toBe(join(app, 'other/ormconfig.js'))
  })

  it('finds nothing where nothing is', () => {
    expect(findDataSource(app, [], 'src/other.ts')).toBeUndefined()
    expect(findDataSource(app, [], 'src')).toBeUndefined()
    expect(findDataSource(join(root, 'work/bare'), [join(root, 'work/bare/migrations')])).toBeUndefined()
  })
})
