import { describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import { diesel, golangMigrate, makeFiles } from './make-files.fixture.ts'
import { selectServices } from './select.ts'
import { loadWorkspace } from './workspace.ts'

const root = makeFiles({
  'skein.yaml': 'include: [link, other]\nservices: { auth: { path: migrations, aliases: [login] } }\n',
  'link/skein.yaml': 'services: { chat-svc: { path: ../migrations }, ai-svc: { path: ../migrations, aliases: [ai] } }\n',
  'other/skein.yaml': 'services: { auth: { path: ../migrations }, wallet: { path: ../wallet }, ai-svc: { path: ../migrations } }\n',
  ...golangMigrate('migrations'),
  ...diesel('wallet'),
})
const { services } = await loadWorkspace({ cwd: root, env: {} })
const select = (...words: string[]) => selectServices(services, words).map((service) => service.name)

describe('selectServices', () => {
  it.each([
    [[], ['auth', 'link/chat-svc', 'link/ai-svc', 'other/auth', 'other/wallet', 'other/ai-svc']],
    [['wallet'], ['other/wallet']],
    [['auth'], ['auth']],
    [['login'], ['auth']],
    [['ai'], ['link/ai-svc']],
    [
      ['wallet', 'chat-svc', 'other/wallet'],
      ['link/chat-svc', 'other/wallet'],
    ],
    [['link/*'], ['link/chat-svc', 'link/ai-svc']],
    [['*-svc'], ['link/chat-svc', 'link/ai-svc', 'other/ai-svc']],
    [['**/a*'], ['link/ai-svc', 'other/auth', 'other/ai-svc']],
    [['aut?'], ['auth', 'other/auth']],
  ])('%j means %j', (words, expected) => {
    expect(select(...words)).toEqual(expected)
  })

  it.each([
    ['walet', 'SERVICE-UNKNOWN', /did you mean wallet/],
    ['ai-svc', 'SERVICE-AMBIGUOUS', /full/],
    ['zzz*', 'SERVICE-UNKNOWN', /services here: auth/],
    ['et', 'SERVICE-UNKNOWN', /./],
    ['', 'SERVICE-UNKNOWN', /./],
    ['a(', 'SERVICE-UNKNOWN', /./],
  ])('%s is refused', (word, code, hint) => {
    let error: unknown
    try {
      select(word)
    } catch (thrown) {
      error = thrown
    }
    if (!(error instanceof SkeinError)) throw new Error('expected a SkeinError')
    expect([error.code, error.details.hint]).toEqual([code, expect.stringMatching(hint)])
  })
})
