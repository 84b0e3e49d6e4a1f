import { expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import { databaseOf } from './database.ts'
import { golangMigrate, makeFiles } from './make-files.fixture.ts'
import { loadWorkspace } from './workspace.ts'

async function service(database?: string) {
  const line = database === undefined ? '' : `database: '${database}'\n`
  const root = makeFiles({ 'skein.yaml': `services: { shop: { path: migrations } }\n${line}`, ...golangMigrate('migrations') })
  const [first] = (await loadWorkspace({ cwd: root, env: {} })).services
  if (first === undefined) throw new Error('no service')
  return first
}

it.each([
  ['embedded', { kind: 'embedded' }],
  ['embedded:game_state', { kind: 'embedded', name: 'game_state' }],
  ['${URL:-embedded:wallet}', { kind: 'embedded', name: 'wallet' }],
  ['${SET}', { kind: 'server', url: 'postgres://u:canary@h/d' }],
  ['host=db dbname=app', { kind: 'server', url: 'host=db dbname=app' }],
  ['postgresql:///app?host=/tmp', { kind: 'server', url: 'postgresql:///app?host=/tmp' }],
])('%s', async (database, expected) => {
  expect(databaseOf(await service(database), { SET: 'postgres://u:canary@h/d' })).toEqual(expected)
})

it('is undefined where no file says anything', async () => {
  expect(databaseOf(await service(), {})).toBeUndefined()
})

it.each([
  ['${DATABASE_URL}', {}, 'VARIABLE-UNSET', /database needs the variable DATABASE_URL/],
  ['${DATABASE_URL}', { DATABASE_URL: ' ' }, 'VARIABLE-UNSET', /database is empty: DATABASE_URL is set to nothing/],
  ['${DATABASE_URL}', { DATABASE_URL: 'canary' }, 'CONFIG-INVALID', /database is neither/],
  ['embedded:${NAME}', { NAME: 'x'.repeat(64) }, 'CONFIG-INVALID', /63 bytes/],
])('%s of %j is refused with its place and without its value', async (database, env, code, message) => {
  const one = await service(database)
  let error: unknown
  try {
    databaseOf(one, env)
  } catch (thrown) {
    error = thrown
  }
  if (!(error instanceof SkeinError)) throw new Error('expected a SkeinError')
  expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
  expect(error.details).toMatchObject({ service: 'shop', place: { file: 'skein.yaml', line: 2, column: 11 } })
  expect(JSON.stringify(error.details)).not.toContain('canary')
})
