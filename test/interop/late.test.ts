import { expect, it } from 'vitest'
import { shop } from './shop.ts'

it('a late file: golang-migrate passes over it in silence, Skein asks; the row stays at the greatest, and the tool goes on from there', async () => {
  const s = await shop('golang-migrate', 0)
  for (const n of [1, 2, 4]) s.made.add(n)
  const strict = () => s.writeWorkspace('services: { app: { path: app } }\n')
  const lenient = () => s.writeWorkspace('services: { app: { path: app, out-of-order: run } }\n')
  strict()
  await s.skein(0, 'up')
  s.made.add(3)
  expect(await s.migrate(['up'])).toEqual({ code: 0, said: 'no change\n' })
  expect(await s.skein(7, 'up')).toMatch(
    /^OUT-OF-ORDER: app: 3 would run before 4, which is applied; golang-migrate itself would never run it/,
  )
  lenient()
  await s.skein(0, 'up')
  expect(await s.migrate(['version'])).toEqual({ code: 0, said: '4\n' })
  expect(await s.rows("select to_regclass('t3') is not null as made")).toEqual([{ made: true }])
  expect((await s.migrate(['down', '2'])).said).toMatch(/^4\/d step .*\n3\/d step /)
  expect((await s.migrate(['up'])).code).toBe(0)
  await s.skein(0, 'status', '--check')
})
