import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { filePiece, fromLine } from './file-piece.ts'
import { sqlFile } from './folder.ts'

const text = 'first\nsecond é\n  third\n'

function onDisk(content: string | Buffer) {
  const folder = mkdtempSync(join(tmpdir(), 'skein-piece-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'a.sql')
  writeFileSync(path, content)
  return { path, whole: sqlFile(path, 'a.sql') }
}

describe('filePiece', () => {
  it('is a part of the file, on the lines where it stands, with every byte as it was', () => {
    const bytes = Buffer.concat([Buffer.from('first\nsecond '), Buffer.from([0xe9, 0, 0xff, 0x0a])])
    const piece = filePiece(onDisk(bytes).whole, (all) => fromLine(all, 6))
    expect(piece.raw()).toEqual(Buffer.concat([Buffer.from('\nsecond '), Buffer.from([0xe9, 0, 0xff, 0x0a])]))
    const other = filePiece(onDisk(text).whole, (all) => fromLine(all, 6, all.indexOf('  third')))
    expect([other.text(), other.file]).toEqual(['\nsecond é\n', 'a.sql'])
  })

  it('has its own hash, the same whether it was read before or not', () => {
    const { whole, path } = onDisk(text)
    const [first, second] = [filePiece(whole, (all) => fromLine(all, 0, 6)), filePiece(whole, (all) => fromLine(all, 6))]
    const again = filePiece(sqlFile(path, 'a.sql'), (all) => fromLine(all, 6))
    again.raw()
    expect(first.sha256()).not.toBe(second.sha256())
    expect(again.sha256()).toBe(second.sha256())
    first.forget()
    expect(first.text()).toBe('first\n')
  })

  it('refuses a file that was written to since the piece was made', () => {
    const { whole, path } = onDisk(text)
    const piece = filePiece(whole, (all) => fromLine(all, 6))
    whole.forget()
    writeFileSync(path, `${text}fourth\n`)
    expect(() => piece.text()).toThrow('a.sql was changed while it was being used')
  })

  it('keeps the number of lines before it, whatever stands there', () => {
    const lines = fc.array(fc.string(), { minLength: 1, maxLength: 8 }).map((some) => some.map((line) => line.replaceAll('\n', '')))
    fc.assert(
      fc.property(lines, fc.nat(7), (some, at) => {
        const before = some.slice(0, at).map((line) => `${line}\n`)
        const all = `${before.join('')}here`
        expect(fromLine(all, before.join('').length)).toBe(`${'\n'.repeat(before.length)}here`)
      }),
    )
  })
})
