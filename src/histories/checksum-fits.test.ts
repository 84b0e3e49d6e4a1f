import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checksumFits } from './checksum-fits.ts'

const bytes = Buffer.from('create table users ();\n')
const hash = (kind: string) => createHash(kind).update(bytes).digest('hex')

describe('checksumFits', () => {
  it('tells the four usual sums', () => {
    for (const kind of ['sha256', 'sha1', 'md5'] as const) {
      expect(checksumFits(hash(kind), bytes)).toBe(kind)
      expect(checksumFits(` ${kind}:${hash(kind).toUpperCase()}\n`, bytes)).toBe(kind)
    }
  })

  it('knows a CRC-32 in hex, without its zeros, and as a number', () => {
    // The check value of the algorithm (ITU-T V.42).
    const check = Buffer.from('123456789')
    for (const text of ['cbf43926', 'CBF43926', '0xcbf43926', '3421780262']) expect(checksumFits(text, check)).toBe('crc32')
    expect(checksumFits('0', Buffer.alloc(0))).toBe('crc32')
    expect(checksumFits('00000000', Buffer.alloc(0))).toBe('crc32')
  })

  it('fits nothing else', () => {
    for (const text of ['', 'abc', hash('sha512'), hash('sha256').slice(1)]) expect(checksumFits(text, bytes)).toBeNull()
    expect(checksumFits(hash('sha256'), Buffer.from('create table users ();\r\n'))).toBeNull()
  })
})
