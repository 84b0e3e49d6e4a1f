import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from './in-process.ts'
import { folderOf } from './kit.ts'

const files = {
  'db/skein.yaml': 'services: { shop: { path: shop, tool: golang-migrate }, auth: { path: auth, tool: golang-migrate } }\n',
  'db/shop/000001_a.up.sql': 'create table a (n int);\n',
  'db/shop/000001_a.down.sql': 'drop table a;\n',
  'db/shop/000002_b.up.sql': 'create tabel b (n int);\n',
  'db/shop/000002_b.down.sql': 'drop table b;\n',
  'db/shop/000004_d.up.sql': 'create table d (n int);\n',
  'db/auth/000001_x.up.sql': 'create table x (;\n',
}

async function said(args: string[], more: Record<string, string> = {}, cwd = 'db') {
  const folder = folderOf({ ...files, ...more })
  const { code, stdout, stderr } = await inProcess(join(folder, cwd), ['validate', '--json', ...args])
  const { findings } = JSON.parse(stdout) as { findings: { rule: string; place?: { file?: string } }[] }
  return { code, stderr, told: findings.map(({ rule, place }) => `${rule} ${place?.file ?? ''}`.trim()).sort() }
}

describe('validate, of what changed', () => {
  it('says of the files that were named, and of no other', async () => {
    expect(await said(['--files', 'shop/000001_a.up.sql', 'shop/000001_a.down.sql'])).toMatchObject({ code: 0, told: [] })
    expect(await said(['--files', 'shop/000002_b.up.sql'])).toMatchObject({ code: 2, told: ['FILE-INVALID shop/000002_b.up.sql'] })
    // From the root of the repository, as commit hooks name files.
    expect(await said(['--file', 'db/skein.yaml', '--files', 'db/auth/000001_x.up.sql'], {}, '.')).toMatchObject({
      code: 2,
      told: ['FILE-INVALID auth/000001_x.up.sql', 'MISSING-DOWN auth/000001_x.up.sql'],
    })
  })

  it('names a clash, whichever of the two files was named', async () => {
    const twin = { 'db/shop/000001_other.up.sql': 'select 1;\n' }
    for (const file of ['shop/000001_other.up.sql', 'shop/000001_a.up.sql']) {
      const { code, told } = await said(['--files', file], twin)
      expect(code).toBe(2)
      expect(told).toEqual([expect.stringMatching(/^SOURCE-DUPLICATE /)])
    }
  })

  it('looks at names or at content alone', async () => {
    expect(await said(['--only', 'names'])).toMatchObject({ code: 0, told: expect.not.arrayContaining([expect.stringMatching(/^FILE-/)]) })
    expect((await said(['--only', 'names'])).told).toContain('MISSING-DOWN auth/000001_x.up.sql')
    expect(await said(['--only', 'syntax'])).toMatchObject({
      code: 2,
      told: ['FILE-INVALID auth/000001_x.up.sql', 'FILE-INVALID shop/000002_b.up.sql'],
    })
  })

  it('a file that is not there is said, and nothing else', async () => {
    const { code, stderr } = await inProcess(join(folderOf(files), 'db'), ['validate', '--files', 'shop/000009_z.up.sql'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^USAGE: there is no file shop\/000009_z\.up\.sql/) })
  })

  it('a path among the services is meant for --files', async () => {
    const { code, stderr } = await inProcess(join(folderOf(files), 'db'), ['validate', 'shop/000001_a.up.sql'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('next: skein validate --files shop/000001_a.up.sql') })
  })
})
