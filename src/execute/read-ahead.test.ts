import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Step } from '../model/plan.ts'
import type { PreparedStep } from './prepare-step.ts'
import { ReadAhead } from './read-ahead.ts'

const steps = Array.from({ length: 1000 }, (_, at) => ({ id: String(at) }) as Step)

function reader(length = 1, failing?: string) {
  const begun: string[] = []
  const ahead = new ReadAhead(steps, async (step) => {
    begun.push(step.id)
    if (step.id === failing) throw new Error(`${step.id} is broken`)
    return { step, text: 'x'.repeat(length) } as PreparedStep
  })
  return { ahead, begun }
}

it('reads on after a step was taken, each step once, and not without end', async () => {
  const { ahead, begun } = reader()
  expect(begun).toEqual([])
  await ahead.take(0)
  await sleep(200)
  expect(ahead.isReady(1)).toBe(true)
  expect(begun).toHaveLength(200)
  expect(await ahead.take(150)).toMatchObject({ prepared: { step: { id: '150' } } })
  await sleep(200)
  expect(begun).toHaveLength(350)
  expect(new Set(begun).size).toBe(350)
  ahead.stop()
})

it('holds only so much text', async () => {
  const { ahead, begun } = reader(1_000_000)
  await ahead.take(0)
  await sleep(100)
  expect(begun).toHaveLength(4)
  await ahead.take(3)
  await sleep(100)
  expect(begun).toHaveLength(7)
  ahead.stop()
})

it('tells of a file that cannot be read when its turn comes', async () => {
  const { ahead } = reader(1, '5')
  await ahead.take(0)
  await sleep(50)
  expect(await ahead.take(5)).toMatchObject({ error: { message: '5 is broken' } })
  expect(await ahead.take(6)).toMatchObject({ prepared: { step: { id: '6' } } })
  ahead.stop()
})
