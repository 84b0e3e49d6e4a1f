import { expect, test } from 'vitest'
import { connectionEnvironment } from './connection-environment.ts'
import { resolveConnection } from './resolve-connection.ts'

function variables(url: string, encrypted?: boolean): Record<string, string> {
  const spec = resolveConnection({ env: {}, given: url, applicationName: 'test' })
  return connectionEnvironment(spec, encrypted === undefined ? undefined : { host: spec.hosts[0] as never, encrypted })
}

test.each([
  ['postgres://a:b%40c@db:6000/shop', 'postgresql://a:b%40c@db:6000/shop'],
  ['postgres://a@[::1]:5433/shop', 'postgresql://a@[::1]:5433/shop'],
  ['postgres://a@%2Ftmp%2Fpg:5433/shop', 'postgresql://a@/shop?host=%2Ftmp%2Fpg&port=5433'],
  ['postgres://a@h1:1,h2:2/my%20shop?sslmode=verify-full', 'postgresql://a@h1:1/my%20shop?sslmode=verify-full'],
])('%s is told as %s, and reads back as itself', (given, url) => {
  const made = variables(given)
  expect(made.DATABASE_URL).toBe(url)
  const again = variables(made.DATABASE_URL as string)
  expect(again).toEqual(made)
})

test('without TLS it says so, whatever was preferred; nobody is asked to find that out again', () => {
  expect(variables('postgres://a:b@db/shop', false)).toMatchObject({ PGSSLMODE: 'disable', DB_SSLMODE: 'disable', PGPASSWORD: 'b' })
  expect(variables('postgres://a:b@db/shop', true)).not.toHaveProperty('PGSSLMODE')
  expect(variables('postgres://a:b@db/shop?sslmode=require', true)).toMatchObject({ PGSSLMODE: 'require' })
})
