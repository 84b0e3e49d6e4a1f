import { describe, expect, it } from 'vitest'
import type { Blocker, RunEvent } from '../model/run.ts'
import type { Step } from '../model/plan.ts'
import { copyText, eventLine } from './lines.ts'
import { styleOf } from './style.ts'
import { title } from './titles.ts'
import { utc } from './utc.ts'

const step: Step = {
  id: 'shop@4',
  service: 'shop',
  version: '4',
  name: 'create_orders',
  direction: 'up',
  history: 'golang-migrate:public.schema_migrations',
  hash: null,
  after: [],
  because: [],
}
const holder: Blocker = {
  pid: 42,
  user: 'reports',
  application: 'billing',
  client: null,
  state: 'idle in transaction',
  transactionAge: 60,
  mode: 'AccessShareLock',
  relation: 'orders',
  query: 'select 1',
  backendType: 'client backend',
}
const failure = { code: 'LOCK-TIMEOUT', message: 'no lock', blockers: [holder] } as const

describe('one event, one line', () => {
  it.each<[RunEvent, string]>([
    [{ kind: 'step-done', step, ms: 12 }, '✓ shop 4 create_orders (12 ms)'],
    [{ kind: 'step-done', step: { ...step, direction: 'down' }, ms: 1_500 }, '✓ down shop 4 create_orders (1.5 s)'],
    [{ kind: 'step-failed', step, ms: 12, error: { ...failure, blockers: [] } }, '✗ shop 4 create_orders'],
    [
      { kind: 'waiting', service: 'shop', what: 'another run of Skein', blockers: [holder], ms: 8_000 },
      'shop waits for another run of Skein: pid 42 (billing) (8.0 s)',
    ],
    [
      { kind: 'retry', step, attempt: 1, pauseMs: 900, error: { ...failure, blockers: [holder] } },
      'shop@4 got no lock, held by pid 42 (billing); attempt 2 in 900 ms',
    ],
    [{ kind: 'warning', service: 'shop', message: 'look' }, 'warning: shop: look'],
    [
      { kind: 'copied', what: 'backup', database: 'h:1/shop as u', file: '/b/shop.dump', bytes: 2048, before: 'drop' },
      'h:1/shop as u as it was before drop is in /b/shop.dump (2 kB)',
    ],
  ])('%o', (event, line) => expect(eventLine(event, styleOf(false), false)).toBe(line))
})

it.each<[Extract<RunEvent, { kind: 'copying' }>, string]>([
  [
    { kind: 'copying', what: 'backup', database: 'shop', bytes: 1024 ** 2, total: 2 ** 23 },
    'backup of shop: 1 MB written; the database has 8 MB',
  ],
  [{ kind: 'copying', what: 'backup', database: 'shop', bytes: 0, total: null }, 'backup of shop: 0 bytes written'],
  [{ kind: 'copying', what: 'restore', database: 'shop', bytes: 2 ** 22, total: 2 ** 23 }, 'restore of shop: 4 MB filled of about 8 MB'],
])('how far a copy is: %o', (event, text) => expect(copyText(event)).toBe(text))

it.each([
  [{ version: '4', name: 'create_orders' }, '4 create_orders'],
  [{ version: '20240101_a1b2_create_orders', name: 'create_orders' }, '20240101_a1b2_create_orders'],
  [{ version: '4', name: '4' }, '4'],
])('a title says nothing twice: %o', (migration, text) => expect(title(migration)).toBe(text))

it('times are in UTC and say so', () => expect(utc('2026-01-31T09:15:00.123+01:00')).toBe('2026-01-31 08:15:00Z'))
