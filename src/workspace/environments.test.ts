import { describe, expect, it } from 'vitest'
import { loadFailure } from './load-failure.fixture.ts'
import { golangMigrate, makeFiles } from './make-files.fixture.ts'
import { loadWorkspace } from './workspace.ts'

describe('loadWorkspace: environments', () => {
  const files = {
    ...golangMigrate('migrations'),
    'migrations/development/000003_x.up.sql': '',
    'migrations/qa/': '',
    'migrations/docs/': '',
  }
  const yaml =
    'services:\n  shop: { path: migrations, changed: warn, environments: { live: { ahead: ok } } }\nenvironments: { qa: { changed: redo }, live: { ahead: error } }\n'

  it('come from --env, then SKEIN_ENV; folders and keys are known', async () => {
    const root = makeFiles({ 'skein.yaml': yaml, ...files })
    const none = await loadWorkspace({ cwd: root, env: { SKEIN_ENV: '' } })
    expect(none).toMatchObject({ environment: undefined, environments: ['development', 'live', 'qa'] })
    expect(none.services[0]).toMatchObject({ environments: ['qa', 'development'], policies: { changed: 'warn', ahead: 'error' } })
    const qa = await loadWorkspace({ cwd: root, env: { SKEIN_ENV: 'qa' } })
    expect(qa.services[0]).toMatchObject({ environment: 'qa', policies: { changed: 'redo', ahead: 'error' } })
    const live = await loadWorkspace({ cwd: root, env: { SKEIN_ENV: 'qa' }, environment: 'live' })
    expect(live.services[0]).toMatchObject({ environment: 'live', policies: { changed: 'warn', ahead: 'ok' } })
  })

  it('that nobody knows are refused', async () => {
    const root = makeFiles({ 'skein.yaml': yaml, ...files })
    const error = await loadFailure({ cwd: root, env: {}, environment: 'developement' })
    expect(error).toMatchObject({ code: 'USAGE', details: { hint: expect.stringContaining('known: development, live, qa') } })
    expect(error.message).toMatch(/--env.*did you mean development/)
    expect((await loadFailure({ cwd: root, env: { SKEIN_ENV: 'constructor' } })).message).toContain('SKEIN_ENV')
  })

  it('forbid what skein.yaml or environments.json forbids, the stricter one', async () => {
    const said = { qa: { allow_destructive_operations: false }, production: { allow_reset: false, backup_required: true } }
    const allow = 'environments: { qa: { allow: { destructive: true, code: true } }, production: { allow: { destructive: false } } }'
    const root = makeFiles({
      'skein.yaml': `services:\n  shop: { path: migrations }\n${allow}\n`,
      ...files,
      'migrations/environments.json': JSON.stringify(said),
    })
    const of = async (environment?: string) => (await loadWorkspace({ cwd: root, env: {}, environment })).services[0]?.restrictions
    expect(await of('qa')).toMatchObject({
      destructive: { key: 'qa.allow_destructive_operations of migrations/environments.json', place: { line: 1, column: 39 } },
      code: true,
    })
    expect(await of('production')).toMatchObject({
      destructive: { key: 'environments.production.allow.destructive', place: { file: 'skein.yaml', line: 3, column: 103 } },
      reset: { place: { file: 'migrations/environments.json' } },
      code: false,
    })
    expect(await of()).toBeUndefined()
  })

  it('demand what skein.yaml or environments.json demands, from the lower risk', async () => {
    const root = makeFiles({
      'skein.yaml':
        'services:\n  shop: { path: migrations }\nenvironments: { production: { approve: medium, backup: low }, qa: { approve: high } }\n',
      ...files,
      'migrations/environments.json':
        '{ "production": { "require_approval": ["high"], "backup_required": ["high", "medium"] }, "qa": { "require_approval": true } }',
    })
    const of = async (environment?: string) => (await loadWorkspace({ cwd: root, env: {}, environment })).services[0]?.demands
    expect(await of('production')).toEqual({
      approve: { key: 'environments.production.approve', from: 'medium', place: { file: 'skein.yaml', line: 3, column: 40 } },
      backup: { key: 'environments.production.backup', from: 'low', place: { file: 'skein.yaml', line: 3, column: 56 } },
    })
    expect(await of('qa')).toMatchObject({ approve: { from: 'low', place: { file: 'migrations/environments.json' } }, backup: undefined })
    expect(await of()).toBeUndefined()
  })

  it('forbid and demand in included files too, the strictest of all; neither passes over to files beside or around', async () => {
    const root = makeFiles({
      'skein.yaml':
        'include: [link, other]\nservices:\n  shop: { path: migrations }\nenvironments: { live: { approve: high, backup: high, allow: { destructive: false } } }\n',
      ...golangMigrate('migrations'),
      ...golangMigrate('link/migrations'),
      ...golangMigrate('other/migrations'),
      'link/skein.yaml':
        'services:\n  chat: { path: migrations }\nenvironments: { live: { approve: low, allow: { destructive: true, code: true } } }\n',
      'other/skein.yaml':
        'services:\n  mail: { path: migrations }\nenvironments: { live: { allow: { destructive: false, code: true } }, qa: { approve: low } }\n',
    })
    const of = async (environment: string) => {
      const { services } = await loadWorkspace({ cwd: root, env: {}, environment })
      return new Map(services.map(({ name, demands, restrictions }) => [name, { demands, restrictions }]))
    }
    const live = await of('live')
    expect(live.get('shop')).toMatchObject({ demands: { approve: { from: 'high' } }, restrictions: { code: false } })
    expect(live.get('link/chat')).toMatchObject({
      demands: { approve: { from: 'low', place: { file: 'link/skein.yaml' } }, backup: { from: 'high', place: { file: 'skein.yaml' } } },
      restrictions: { destructive: { place: { file: 'skein.yaml' } }, code: false },
    })
    expect(live.get('other/mail')).toMatchObject({
      demands: { approve: { from: 'high', place: { file: 'skein.yaml' } } },
      restrictions: { destructive: { place: { file: 'other/skein.yaml' } }, code: false },
    })
    const qa = await of('qa')
    expect([...qa].map(([name, { demands }]) => [name, demands?.approve?.from])).toEqual([
      ['shop', undefined],
      ['link/chat', undefined],
      ['other/mail', 'low'],
    ])
  })

  it('are known from environments.json where they are usual ones, without a folder', async () => {
    const root = makeFiles({ ...golangMigrate('migrations'), 'migrations/environments.json': '{ "production": {}, "prodction": {} }' })
    const { environment, environments } = await loadWorkspace({ cwd: root, env: {}, environment: 'production' })
    expect({ environment, environments }).toEqual({ environment: 'production', environments: ['production'] })
  })
})
