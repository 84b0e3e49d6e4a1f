import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import { parseConnectionString } from './connection-string.ts'

describe('parseConnectionString', () => {
  it.each([
    ['postgres://', {}],
    ['postgresql://h', { host: 'h' }],
    ['postgres://u:p@h:1/d', { user: 'u', password: 'p', host: 'h', port: '1', dbname: 'd' }],
    ['postgres://u@/d?host=/run/pg', { user: 'u', dbname: 'd', host: '/run/pg' }],
    ['postgres://%2Frun%2Fpg:5433/d', { host: '/run/pg', port: '5433', dbname: 'd' }],
    ['postgres://[::1]:5/d', { host: '::1', port: '5', dbname: 'd' }],
    ['postgres://a:1,b,[fe80::1]:3/d', { host: 'a,b,fe80::1', port: '1,,3', dbname: 'd' }],
    ['postgres://u%40x:p%2F%3F%40%25@h/d%20e', { user: 'u@x', password: 'p/?@%', host: 'h', dbname: 'd e' }],
    ['postgres://u:p@q@h/d', { user: 'u', password: 'p@q', host: 'h', dbname: 'd' }],
    ['postgres://u:a:b#c@h/d', { user: 'u', password: 'a:b#c', host: 'h', dbname: 'd' }],
    ['postgres:///d?sslmode=require&connect_timeout=3', { dbname: 'd', sslmode: 'require', connect_timeout: '3' }],
    ['postgres://h/d?ssl=true', { host: 'h', dbname: 'd', sslmode: 'require' }],
    ['postgres://h/d?options=-csearch_path=a', { host: 'h', dbname: 'd', options: '-csearch_path=a' }],
    ['postgres://h/d?application_name=me@here', { host: 'h', dbname: 'd', application_name: 'me@here' }],
    ['postgres://h1:1,h2:2/d?application_name=me@here', { host: 'h1,h2', port: '1,2', dbname: 'd', application_name: 'me@here' }],
    ["host=h  port = 5 dbname='my db' password='a\\'b\\\\'", { host: 'h', port: '5', dbname: 'my db', password: "a'b\\" }],
    ['host=h password=a\\ b', { host: 'h', password: 'a b' }],
    ["user=''", { user: '' }],
    ['service=x', { service: 'x' }],
  ])('reads %s', (text, values) => {
    expect(parseConnectionString(text).values).toEqual(values)
  })

  it('sets the parameters of golang-migrate apart and keeps the path it hashes', () => {
    const parsed = parseConnectionString('postgres://u:p@h/my%20db?x-migrations-table=a+b&sslmode=disable')
    expect(parsed).toMatchObject({ extra: { 'x-migrations-table': 'a b' }, urlPath: '/my db', values: { sslmode: 'disable' } })
    expect(parseConnectionString('postgres://h?dbname=d').urlPath).toBeUndefined()
    expect(parseConnectionString('postgres://h/').urlPath).toBe('/')
    expect(parseConnectionString('host=h dbname=d').urlPath).toBeUndefined()
  })

  it.each([
    ['postgres://h/d?sslmod=x', /"sslmod"/, /sslmode/],
    ['postgres://h/d?database=x', /"database"/, /dbname/],
    ['host=h databse=x', /"databse"/, /dbname/],
    ['postgres://h/d?statement_timeout=5', /"statement_timeout"/, /options=-c statement_timeout/],
    ['postgres://h/d?require_auth=md5', /require_auth/, /remove/],
    ['postgres://h/d?gssencmode=require', /gssencmode/, /disable, prefer/],
    ['mysql://h/d', /mysql/, /postgres:/],
    ['postgresql+asyncpg://u:p@h/d', /asyncpg/, /postgres:/],
    ['app', /neither a URL/, /dbname/],
    ['', /empty/, /postgres:/],
    ['postgres://h/d?sslmode', /"sslmode" has no value/, /name=value/],
    ["host='h", /no closing quote/, /quote|write/],
    ['host h=x', /"host" has no "="/, /key=value/],
    ['postgres://h/%zz', /percent escape/, /%25/],
    ['postgres://h:99x/d', /not a number/, /%3A/],
    ['postgres://[::1/d', /host cannot be read/, /brackets/],
  ])('refuses %s', (text, message, hint) => {
    const error = caught(text)
    expect(error.code).toBe('URL-INVALID')
    expect(error.message).toMatch(message)
    expect(error.details.hint).toMatch(hint)
  })

  it.each([
    'postgres://u:c4n/4ry@h/d',
    'postgres://u:c4n?4ry@h/d',
    'postgres://u:1/c4n4ry@h/d',
    'postgres://u:1?c4n4ry=x@h/d',
    'postgres://u:1?a=b&c4n4ry@h/d',
    'postgres://u:c4n%4ry@h/d',
    'postgres://u:c4n4ry%@h/d',
    'postgres://u:c4n4ry@h/d?nonsense=1',
    'postgres://u:c4n4ry@h:port/d',
    'postgres+x://u:c4n4ry@h/d',
    'host=h password=some c4n4ry',
    'host=h password=some c4n4ry=x',
    "host=h password='c4n4ry",
    "host=h password=some c4n4ry='x",
  ])('shows no part of the password in %s', (text) => {
    const { message, details } = caught(text)
    expect(`${message} ${JSON.stringify(details)}`).not.toMatch(/c4n|4ry/)
  })
})

function caught(text: string): SkeinError {
  try {
    parseConnectionString(text)
  } catch (error) {
    if (error instanceof SkeinError) return error
    throw error
  }
  throw new Error('it was read')
}
