import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SqlFile } from '../model/migration.ts'
import { sqlFile } from '../util/folder.ts'
import { openHashCache } from './hash-cache.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'skein-hashes-'))
})
afterEach(() => rmSync(root, { recursive: true }))

/** A file that this process found on disk, which tells whether its content was asked for. */
function found(name: string): { body: SqlFile; wasRead: () => boolean } {
  const body = sqlFile(join(root, name), name)
  let asked = false
  const sha256 = body.sha256.bind(body)
  body.sha256 = () => {
    asked = true
    return sha256()
  }
  return { body, wasRead: () => asked }
}

/** An hour ago as a file's time: with its time of change it is still as new as this process. */
function age(name: string): void {
  const before = new Date(Date.now() - 3_600_000)
  utimesSync(join(root, name), before, before)
}

it('does not remember a file that was written since this process began, whatever its time says', () => {
  writeFileSync(join(root, 'a.sql'), 'select 1')
  age('a.sql')
  const cache = openHashCache(root)
  cache.of(found('a.sql').body)
  cache.save()
  expect(existsSync(join(root, '.skein', 'hashes.json'))).toBe(false)
})

it('gives the remembered hash while size, inode and times are the same, and reads the file again when one is not', async () => {
  writeFileSync(join(root, 'a.sql'), 'select 1')
  const { size, ino, mtimeMs, ctimeMs } = statSync(join(root, 'a.sql'))
  const folder = join(root, '.skein')
  mkdirSync(folder)
  const remember = (seen: unknown[]) =>
    writeFileSync(join(folder, 'hashes.json'), JSON.stringify({ version: 1, files: [[join(root, 'a.sql'), seen]] }))
  remember([size, ino, mtimeMs, ctimeMs, 'remembered'])
  const same = found('a.sql')
  expect(openHashCache(root).of(same.body)).toBe('remembered')
  expect(same.wasRead()).toBe(false)

  for (const other of [
    [size + 1, ino, mtimeMs, ctimeMs],
    [size, ino + 1, mtimeMs, ctimeMs],
    [size, ino, mtimeMs - 1, ctimeMs],
    [size, ino, mtimeMs, ctimeMs - 1],
  ]) {
    remember([...other, 'remembered'])
    const changed = found('a.sql')
    expect(openHashCache(root).of(changed.body)).toMatch(/^[0-9a-f]{64}$/)
    expect(changed.wasRead()).toBe(true)
  }

  // The same length and the old time set back: the time of change gives it away.
  remember([size, ino, mtimeMs, ctimeMs, 'remembered'])
  await sleep(20)
  writeFileSync(join(root, 'a.sql'), 'select 2')
  utimesSync(join(root, 'a.sql'), mtimeMs / 1000, mtimeMs / 1000)
  expect(openHashCache(root).of(found('a.sql').body)).toMatch(/^[0-9a-f]{64}$/)
})

it('takes a broken file of hashes for none', () => {
  writeFileSync(join(root, 'a.sql'), 'select 1')
  writeFileSync(join(root, '.skein'), 'not a folder')
  const cache = openHashCache(root)
  expect(cache.of(found('a.sql').body)).toMatch(/^[0-9a-f]{64}$/)
  expect(() => cache.save()).not.toThrow()
})
