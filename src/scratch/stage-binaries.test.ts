import { chmodSync, cpSync, lstatSync, mkdirSync, readdirSync, readlinkSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { binaries, connect, runFolder, temporaryFolder } from '../../test/server.ts'
import { clusterUrl, startCluster } from './cluster.ts'
import { stageBinaries } from './stage-binaries.ts'

function smallPackage() {
  const folder = join(temporaryFolder(), 'native')
  for (const name of ['bin', 'lib']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'bin', 'postgres'), 'program', { mode: 0o700 })
  writeFileSync(join(folder, 'lib', 'libx.so.1.2'), 'library', { mode: 0o600 })
  writeFileSync(join(folder, 'lib', 'libx.a'), 'static')
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]
  writeFileSync(join(folder, 'pg-symlinks.json'), JSON.stringify(links))
  chmodSync(folder, 0o700)
  return { binaries: { folder, version: '18.4.0' }, shelf: join(folder, '..', 'shelf') }
}

it('makes a copy that others can read and run, with the links of the list', async () => {
  const { binaries, shelf } = smallPackage()
  const staged = await stageBinaries(binaries, shelf)
  expect(readlinkSync(join(staged, 'lib', 'libx.so.1'))).toBe('libx.so.1.2')
  expect(statSync(join(staged, 'lib', 'libx.so.1')).mode & 0o777).toBe(0o644)
  expect(statSync(join(staged, 'bin', 'postgres')).mode & 0o777).toBe(0o755)
  expect(statSync(staged).mode & 0o777).toBe(0o755)
  expect(readdirSync(join(staged, 'lib')).sort()).toEqual(['libx.so.1', 'libx.so.1.2'])
})

it('makes one copy, however many ask at once, and leaves nothing else', async () => {
  const { binaries, shelf } = smallPackage()
  const staged = await Promise.all(Array.from({ length: 8 }, () => stageBinaries(binaries, shelf)))
  expect(new Set(staged).size).toBe(1)
  expect(readdirSync(shelf)).toHaveLength(1)
})

it('removes what a killed process left, once that is old', async () => {
  const { binaries, shelf } = smallPackage()
  mkdirSync(join(shelf, '.copy-young'), { recursive: true })
  mkdirSync(join(shelf, '.copy-old'), { recursive: true })
  utimesSync(join(shelf, '.copy-old'), 1, 1)
  await stageBinaries(binaries, shelf)
  expect(readdirSync(shelf).filter((name) => name.startsWith('.'))).toEqual(['.copy-young'])
})

it('makes a package work whose install script did not run, in a folder that only its owner reads', async () => {
  const folder = join(temporaryFolder(), 'native')
  const real = binaries(18)
  cpSync(real.folder, folder, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() })
  const cluster = await startCluster({
    folder: join(runFolder(), 'without-links'),
    shelf: join(runFolder(), 'shelf-without-links'),
    binaries: { folder, version: real.version },
  })
  const client = await connect(clusterUrl(cluster))
  await client.query('create extension "uuid-ossp"')
  await client.end()
})
