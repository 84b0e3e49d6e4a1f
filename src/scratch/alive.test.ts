import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { processIdentity } from './alive.ts'

it('knows a process from the next one of its number', () => {
  expect(processIdentity(process.pid)).toMatch(new RegExp(`^${process.pid}:.`))
  expect(processIdentity(process.pid)).toBe(processIdentity(process.pid))
  expect(processIdentity(process.ppid)).not.toBe(processIdentity(process.pid))
})

it('knows when a process has ended', async () => {
  const child = spawn('true')
  await once(child, 'exit')
  expect(processIdentity(child.pid ?? 0)).toBeUndefined()
})

it('takes one that ended and was not waited for as ended', async () => {
  // The shell becomes a sleep, which never waits for the child it inherits.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const [line] = await once(parent.stdout, 'data')
    await expect.poll(() => processIdentity(Number(line))).toBeUndefined()
  } finally {
    parent.kill()
  }
})
