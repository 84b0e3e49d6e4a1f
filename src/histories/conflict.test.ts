import { describe, expect, it } from 'vitest'
import { conflictOf } from './conflict.ts'

const code = '22P02'

describe('conflictOf', () => {
  it('finds the words in every language of the server', () => {
    const words = 'history conflict: version 3 should be in t, rows found: 0'
    const messages = [
      `invalid input syntax for type boolean: "${words}"`,
      `ungültige Eingabesyntax für Typ boolean: »${words}«`,
      `syntaxe en entrée invalide pour le type boolean : « ${words} »`,
    ]
    for (const message of messages) expect(conflictOf({ code, message })).toBe('version 3 should be in t, rows found: 0')
  })

  it('knows no other error', () => {
    expect(conflictOf({ code, message: 'invalid input syntax for type integer: "x"' })).toBeUndefined()
    expect(conflictOf({ code: '23505', message: 'history conflict: x' })).toBeUndefined()
  })
})
