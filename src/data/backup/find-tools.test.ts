import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/server.ts'
import { findTools } from './find-tools.ts'

/** Folders of programs that say a version, as PATH. */
function pathOf(...versions: string[]): NodeJS.ProcessEnv {
  const root = temporaryFolder()
  const folders = versions.map((version) => {
    const folder = join(root, version)
    mkdirSync(folder)
    for (const name of ['pg_dump', 'pg_restore']) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`)
      chmodSync(join(folder, name), 0o755)
    }
    return folder
  })
  return { PATH: folders.join(delimiter) }
}

it('the nearest version that is not older than the server, wherever it stands', () => {
  const env = pathOf('98.1', '96.4', '97.2', '95.9')
  expect(findTools(970_003, env).version).toBe('97.2')
  expect(findTools(950_000, env)).toMatchObject({ version: '95.9', psql: undefined })
  expect(findTools(960_000, pathOf('98.1', '97.2')).version).toBe('97.2')
  expect(() => findTools(990_001, env)).toThrow(/PostgreSQL 99, and pg_dump of 99 or newer was not found: .*98\.1\/pg_dump is 98\.1/)
})
