import { describe, expect, it } from 'vitest'
import { wordsOf } from './name.ts'
import { identifier, subjectOf } from './subject.ts'

describe('wordsOf', () => {
  it.each([
    ['add user preferences', 'add user preferences'],
    ['AddUserPreferences', 'add user preferences'],
    ['addHTTPLog2Table', 'add http log2 table'],
    ['add-user_preferences.', 'add user preferences'],
    ['été à Zürich', 'été à zürich'],
  ])('%s', (name, words) => {
    expect(wordsOf(name).join(' ')).toBe(words)
  })

  it.each(['', ' ', '--', 'a/b', 'a\\b', 'a\nb', '..'])('%j is none', (name) => {
    expect(() => wordsOf(name)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})

describe('subjectOf', () => {
  const tables = ['users', 'user_service.user_profiles', 'order']
  it.each([
    ['table', 'create tenants table', 'tenants', 'id'],
    ['table', 'add user preferences', 'user_preferences', 'id'],
    ['table', 'create order', '"order"', 'id'],
    ['index', 'index users by last_name', 'users', 'last_name'],
    ['index', 'add email index on users', 'users', 'email'],
    ['index', 'index user profiles country', 'user_service.user_profiles', 'country'],
    ['index', 'index messages by room', 'messages', 'room'],
    ['index', 'index sent on messages', 'messages', 'sent'],
    ['index', 'index things', 'things', 'id'],
    ['column', 'add phone to users', 'users', 'phone'],
    ['column', 'add phone to people', 'people', 'phone'],
    ['index', 'index order by user', '"order"', '"user"'],
  ])('%s: %s', (type, name, table, column) => {
    expect(subjectOf(wordsOf(name), type, tables)).toMatchObject({ table, column })
  })

  it('a name is at most what PostgreSQL keeps of it', () => {
    expect(identifier('é'.repeat(40))).toBe(`"${'é'.repeat(31)}"`)
  })
})
