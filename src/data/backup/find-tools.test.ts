import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/server.ts'
import { findTools } from './find-tools.ts'

/** Folders of programs that say a version, as PATH. */
function pathOf(...versions: string[]): NodeJS.ProcessEnv {
  return { PATH: foldersOf(temporaryFolder(), ...versions).join(delimiter) }
}

function foldersOf(root: string, ...versions: string[]): string[] {
  return versions.map((version) => {
    const folder = join(root, version)
    mkdirSync(folder)
    for (const name of ['pg_dump', 'pg_restore']) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`)
      chmodSync(join(folder, name), 0o755)
    }
    return folder
  })
}

it('the nearest version that is not older than the server, wherever it stands', () => {
  const env = pathOf('98.1', '96.4', '97.2', '95.9')
  expect(findTools(970_003, env).version).toBe('97.2')
  expect(findTools(950_000, env)).toMatchObject({ version: '95.9', psql: undefined })
  expect(findTools(960_000, pathOf('98.1', '97.2')).version).toBe('97.2')
  expect(() => findTools(990_001, env)).toThrow(/PostgreSQL 99, and pg_dump of 99 or newer was not found: .*98\.1\/pg_dump is 98\.1/)
})

it('in folders of packages where PATH has none; each pattern stands for any folder that fits', () => {
  const root = temporaryFolder()
  foldersOf(root, '97.2', '96.4', 'libpq', 'other')
  const beside = [`${root}/9*/`, `${root}/nowhere/*/bin`, `${root}/libpq`]
  expect(findTools(970_003, { PATH: '' }, undefined, beside)).toMatchObject({ version: '97.2', dump: `${root}/97.2/pg_dump` })
  expect(findTools(960_003, { PATH: '' }, undefined, beside).version).toBe('96.4')
  expect(() => findTools(980_000, { PATH: '' }, undefined, beside)).toThrow(/was not found: .*97\.2/)
  expect(() => findTools(960_000, { PATH: '' }, root, beside)).toThrow(/--pg-bin DIR|was not found/)
})
