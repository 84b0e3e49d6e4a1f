import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'

describe('checkText', () => {
  // A folder opens and does not read: the same as a disk that fails half-way.
  it.each([true, false])('a file that stops being readable is an answer (compressed: %s)', async (compressed) => {
    await expect(checkText(tmpdir(), compressed)).rejects.toMatchObject({
      code: 'BACKUP-INVALID',
      message: expect.stringContaining('EISDIR'),
    })
  })
})
