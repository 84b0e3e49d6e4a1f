import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findServices } from './init/find-services.ts'
import { initText } from './init-file.ts'
import { diesel, golangMigrate, makeFiles, numbered, stamped } from './make-files.fixture.ts'
import { loadWorkspace } from './workspace.ts'

/** By file names alone. */
function initFile(cwd: string, schema?: string) {
  const services = findServices(cwd)
  return { services, text: initText({ services, database: { text: '${DATABASE_URL}' } }, schema) }
}

describe('initText', () => {
  it('writes what it finds, and what it writes loads', async () => {
    const root = makeFiles({
      ...golangMigrate('services/api gateway/db/migrations'),
      ...golangMigrate('services/api gateway/db/migrations/staging'),
      ...diesel('services/wallet/migrations'),
      ...diesel('other/wallet/migrations'),
      ...stamped('database/migrations/auth_service'),
      ...numbered('node_modules/x/migrations'),
      ...numbered('.git/migrations'),
      ...numbered('1/2/3/4/5/6/7'),
      'services/user/src/database/migrations/1615213456789-create.ts': 'class A implements MigrationInterface {}',
      'services/billing/migrations/V1__create.sql': '',
      'services/ai/alembic/env.py': '',
      'services/ai/alembic/versions/ab12_x.py': "revision = 'ab12'",
    })
    symlinkSync(root, join(root, 'services/loop'))
    const { text, services } = initFile(root)
    expect(services.map((service) => [service.name, service.path, service.detection.kind])).toEqual([
      ['auth_service', 'database/migrations/auth_service', 'tool'],
      ['wallet', 'other/wallet/migrations', 'tool'],
      ['ai', 'services/ai/alembic', 'tool'],
      ['api-gateway', 'services/api gateway/db/migrations', 'tool'],
      ['billing', 'services/billing/migrations', 'foreign'],
      ['user', 'services/user/src/database/migrations', 'tool'],
      ['wallet-wallet', 'services/wallet/migrations', 'tool'],
    ])
    expect(text).toContain('# yaml-language-server: $schema=./node_modules/skein-migrate/docs/reference/skein.schema.json\n')
    writeFileSync(join(root, 'skein.yaml'), text)
    const workspace = await loadWorkspace({ cwd: root, env: {} })
    expect(workspace.services.map((service) => [service.name, service.tool, service.database])).toEqual([
      ['auth_service', 'stamped', '${DATABASE_URL}'],
      ['wallet', 'diesel', '${DATABASE_URL}'],
      ['ai', 'alembic', '${DATABASE_URL}'],
      ['api-gateway', 'golang-migrate', '${DATABASE_URL}'],
      ['user', 'typeorm', '${DATABASE_URL}'],
      ['wallet-wallet', 'diesel', '${DATABASE_URL}'],
    ])
  })

  it('leaves a choice between two tools to the reader', async () => {
    const root = makeFiles({ 'migrations/001_x.up.sql': '' })
    const { text, services } = initFile(root, 'https://example.org/s.json')
    expect(services).toMatchObject([{ name: 'shop', path: 'migrations', detection: { kind: 'ambiguous' } }])
    expect(text).toContain('$schema=https://example.org/s.json')
    expect(text).toContain('    # tool: golang-migrate\n    # tool: numbered\n')
    writeFileSync(join(root, 'skein.yaml'), text)
    await expect(loadWorkspace({ cwd: root, env: {} })).rejects.toMatchObject({ code: 'TOOL-AMBIGUOUS' })
    writeFileSync(join(root, 'skein.yaml'), text.replace('# tool: numbered', 'tool: numbered'))
    expect((await loadWorkspace({ cwd: root, env: {} })).services).toMatchObject([{ tool: 'numbered' }])
  })

  it('of an empty folder says how to go on', () => {
    const { text, services } = initFile(makeFiles({}))
    expect(services).toEqual([])
    expect(text).toMatch(/No migrations that can be run were found/)
  })

  it('quotes paths that YAML or our variables would take for something else', async () => {
    const root = makeFiles(golangMigrate('a ${B}: #x/migrations'))
    const { text } = initFile(root)
    writeFileSync(join(root, 'skein.yaml'), text)
    const { services } = await loadWorkspace({ cwd: root, env: {} })
    expect(services.map((service) => service.paths[0])).toEqual([join(root, 'a ${B}: #x/migrations')])
  })
})
