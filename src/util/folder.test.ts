import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkFolder, sqlFile } from './folder.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'skein-folder-'))
})
afterEach(() => rmSync(root, { recursive: true }))

it('refuses a file whose content is no longer what its hash told', () => {
  const path = join(root, 'a.sql')
  writeFileSync(path, 'select 1')
  const file = sqlFile(path, 'a.sql')
  const hash = file.sha256()
  expect(file.text()).toBe('select 1')
  file.forget()
  expect(file.text()).toBe('select 1')
  expect(file.sha256()).toBe(hash)
  file.forget()
  writeFileSync(path, 'select 2')
  expect(() => file.text()).toThrow(expect.objectContaining({ code: 'SOURCE-UNREADABLE', message: expect.stringContaining('a.sql') }))
})

it('says why a folder cannot be listed', () => {
  expect(() => checkFolder(root, root)).not.toThrow()
  expect(() => checkFolder(join(root, 'gone'), root)).toThrow('gone cannot be read: it does not exist')
})
