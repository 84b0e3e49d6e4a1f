import { expect, it } from 'vitest'
import { connect as client, freshDatabase } from '../../../test/server.ts'
import { connect } from '../../postgres/connect.ts'
import { resolveConnection } from '../../postgres/resolve-connection.ts'
import { ident } from '../../postgres/quote.ts'
import { sessionsIn, swap } from './swap.ts'

async function two() {
  const { name, url, server } = await freshDatabase(15)
  const open = () => connect(resolveConnection({ env: {}, given: server.url() }))
  const admin = await open()
  const oidOf = async (database: string) =>
    (await admin.query<{ oid: string }>('select oid::text as oid from pg_database where datname = $1', [database]))[0]?.oid
  const names = { name, oid: (await oidOf(name)) ?? '', before: `${name}_before`, filled: `${name}_new` }
  return { url, open, admin, oidOf, names }
}

it('the second name cannot be had: both keep theirs', async () => {
  const { admin, oidOf, names } = await two()
  try {
    await expect(swap(admin, names, async () => {})).rejects.toMatchObject({ code: 'RESTORE-FAILED' })
    expect([await oidOf(names.name), await oidOf(names.before)]).toEqual([names.oid, undefined])
    await admin.simple(`create database ${ident(names.filled)} template template0`)
    await expect(swap(admin, { ...names, oid: '1' }, async () => {})).rejects.toMatchObject({ code: 'RESTORE-FAILED' })
    expect([await oidOf(names.name), await oidOf(names.before)]).toEqual([names.oid, undefined])
  } finally {
    await admin.end()
  }
})

it('clients that come back at once: ended in the old database, and then in the new one', async () => {
  const { url, open, admin, oidOf, names } = await two()
  const second = await open()
  await admin.simple(`create database ${ident(names.filled)} template template0`)
  const filled = await oidOf(names.filled)
  let over = false
  const pool = async () => {
    while (!over) {
      const one = await client(url).catch(() => undefined)
      while (!over && one !== undefined && (await one.query('select 1').catch(() => undefined)) !== undefined);
      await one?.end().catch(() => {})
    }
  }
  const pools = [pool(), pool(), pool()]
  try {
    while ((await sessionsIn(admin, names.oid)).length < 3);
    await swap(admin, names, async () => {}, second)
    expect([await oidOf(names.name), await oidOf(names.before), await oidOf(names.filled)]).toEqual([filled, names.oid, undefined])
    while ((await sessionsIn(admin, filled ?? '')).length < 3);
  } finally {
    over = true
    await Promise.all([...pools, admin.end(), second.end()])
  }
}, 30_000)
