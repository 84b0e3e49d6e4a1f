import { expect, it } from 'vitest'
import { freshDatabase, majors } from '../../../test/server.ts'
import { connect } from '../../postgres/connect.ts'
import { resolveConnection } from '../../postgres/resolve-connection.ts'
import { databaseFacts } from './database-facts.ts'
import { besides, createLike, dropNew } from './new-database.ts'

/** How a database of each version may differ from the server's own way. */
function locale(major: number): string {
  if (major >= 17) return "locale_provider builtin builtin_locale 'C.UTF-8'"
  return "encoding 'LATIN1' locale 'C'"
}

it.each(majors())(
  'PostgreSQL %i: a database like another one has all that is not in it',
  async (major) => {
    const { url, name } = await freshDatabase(major)
    const session = await connect(resolveConnection({ env: {}, given: url }))
    const [model, copy] = [`${name} "x`, besides(name, '_copy')]
    const quoted = `"${name} ""x"`
    try {
      await session.simple(`create role "o ${name}" createdb`)
      await session.simple(`create database ${quoted} template template0 owner "o ${name}" ${locale(major)} connection limit 7`)
      for (const text of [
        `comment on database ${quoted} is 'it''s'`,
        `grant create on database ${quoted} to pg_monitor with grant option`,
        `revoke temporary on database ${quoted} from public`,
        `alter database ${quoted} set search_path to "$user", public, "a, b"`,
        `alter database ${quoted} set "app.tenant" to 'x=y'`,
        `alter role "o ${name}" in database ${quoted} set statement_timeout to '5min'`,
      ])
        await session.simple(text)
      const facts = await databaseFacts(session, model)
      expect(facts).toMatchObject({ connectionLimit: 7, comment: "it's" })
      await createLike(session, facts, copy)
      const { oid, ...rest } = await databaseFacts(session, copy)
      expect(oid).not.toBe(facts.oid)
      expect({ ...rest, grants: sorted(rest.grants), settings: sorted(rest.settings) }).toEqual({
        ...facts,
        oid: undefined,
        name: copy,
        grants: sorted(facts.grants),
        settings: sorted(facts.settings),
      })
      await dropNew(session, copy)
      await expect(databaseFacts(session, copy)).rejects.toMatchObject({ code: 'DATABASE-UNKNOWN' })
    } finally {
      await session.end()
    }
  },
  60_000,
)

it('a name stays within 63 bytes and its characters whole', () => {
  expect(besides('shop', '_before_1')).toBe('shop_before_1')
  const long = besides('ä'.repeat(31), '_before_1')
  expect(long).toBe(`${'ä'.repeat(27)}_before_1`)
})

function sorted(values: readonly unknown[] | null): string[] {
  return (values ?? []).map((one) => JSON.stringify(one)).sort()
}
