import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connect } from '../postgres/connect.ts'
import { outside } from '../library/outside.ts'
import { server, temporaryFolder } from '../../test/server.ts'
import { onScratch } from './on-scratch.ts'

describe('onScratch', () => {
  it('brings a service to its newest version, and runs no hook: nothing happens that anybody should be told of', async () => {
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, 'shop'))
    writeFileSync(join(cwd, 'shop/000001_items.up.sql'), 'create table items (id int);\n')
    writeFileSync(
      join(cwd, 'skein.yaml'),
      'services: { shop: { path: shop, tool: golang-migrate } }\nhooks: { before-run: [{ run: touch told }], after-step: [{ run: touch told }] }\n',
    )
    const ports = outside({ cwd, env: { PATH: process.env['PATH'], SKEIN_SCRATCH_URL: (await server()).url() } })
    const wanted = { request: { services: ['shop'] }, configured: undefined, ledgerSchema: 'skein', roles: [], hasMigrations: true }
    const found = await onScratch(wanted, ports, async (spec) => {
      const session = await connect(spec)
      try {
        return await session.query("select to_regclass('items')::text as items, to_regnamespace('skein') as ledger")
      } finally {
        await session.end()
      }
    })
    expect(found).toEqual([{ items: 'items', ledger: null }])
    expect(existsSync(join(cwd, 'told'))).toBe(false)
  })
})
