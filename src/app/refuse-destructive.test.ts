import { beforeAll, describe, expect, it } from 'vitest'
import { SkeinError } from '../model/errors.ts'
import type { Plan, Step } from '../model/plan.ts'
import type { Restrictions } from '../model/service.ts'
import { loadParser } from '../sql/front.ts'
import { refuseDestructive } from './refuse-destructive.ts'
import type { Survey } from './survey.ts'

beforeAll(loadParser)

const policy = { key: 'environments.production.allow.destructive', place: { file: 'skein.yaml', line: 4, column: 9 } }

/** One service whose first migration goes up with this body; what refusing says, or undefined. */
async function refusal(up: object, restrictions: Restrictions): Promise<SkeinError | undefined> {
  const service = { name: 'shop', restrictions }
  const looked = { loaded: { service, migrations: [{ version: '1', up, down: null }] } }
  const found = { looked: new Map([['shop', looked]]), loaded: { workspace: { environment: 'production' } } } as unknown as Survey
  const step: Partial<Step> = { id: 'shop@1', service: 'shop', version: '1', direction: 'up', hash: null }
  const made = { steps: [step], request: { verb: 'up', services: ['shop'] } } as unknown as Plan
  return refuseDestructive(found, made).then(
    () => undefined,
    (error: unknown) => error as SkeinError,
  )
}

const sql = (text: string) => ({ kind: 'sql', file: '1_x.up.sql', raw: () => Buffer.from(text) })

describe('a plan in an environment that allows nothing destructive', () => {
  const code = { kind: 'code', file: 'src/1_x.ts' }

  it('refuses migrations in code, which nobody can judge, and says the way out', async () => {
    const error = await refusal(code, { destructive: policy, code: false })
    expect(error).toMatchObject({
      code: 'DESTRUCTIVE-REFUSED',
      exit: 4,
      details: {
        place: { file: 'src/1_x.ts' },
        hint: expect.stringContaining('environments.production.allow: { destructive: false, code: true }'),
      },
    })
    expect(error?.message).toContain('src/1_x.ts: is a migration in code, which cannot be judged')
  })

  it('lets code run where code: true says so, and still reads SQL', async () => {
    expect(await refusal(code, { destructive: policy, code: true })).toBeUndefined()
    expect(await refusal(sql('call tidy()'), { destructive: policy, code: true })).toBeUndefined()
    expect(await refusal(sql('drop table users'), { destructive: policy, code: true })).toMatchObject({ code: 'DESTRUCTIVE-REFUSED' })
  })

  it('refuses a file that does not parse, whatever code: says', async () => {
    for (const allowed of [false, true])
      expect(await refusal(sql('drop\n  tabel users'), { destructive: policy, code: allowed })).toMatchObject({
        code: 'DESTRUCTIVE-REFUSED',
        message: expect.stringContaining('1_x.up.sql:2:3: cannot be judged: syntax error'),
      })
  })

  it('lets everything else run, and everything where nothing is forbidden', async () => {
    expect(await refusal(sql('create table users (id int); drop index old'), { destructive: policy, code: false })).toBeUndefined()
    expect(await refusal(sql('drop table users'), { code: false })).toBeUndefined()
  })
})
