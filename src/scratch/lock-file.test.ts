import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { program, run } from '../../test/other-process.ts'
import { temporaryFolder } from '../../test/server.ts'
import { processIdentity } from './alive.ts'
import { withLock } from './lock-file.ts'

let counting: string
let holding: string

beforeAll(async () => {
  counting = await program(`
    import { readFileSync, writeFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { withLock } from './src/scratch/lock-file.ts'
    const [, , folder, times] = process.argv
    for (let i = 0; i < Number(times); i++) await withLock(folder, async () => {
      const count = Number(readFileSync(folder + '/count', 'utf8'))
      await sleep(1)
      writeFileSync(folder + '/count', String(count + 1))
    })
  `)
  holding = await program(`
    import { writeFileSync } from 'node:fs'
    import { withLock } from './src/scratch/lock-file.ts'
    await withLock(process.argv[2], async () => process.kill(process.pid, 'SIGKILL'))
  `)
})

function folder(): string {
  const path = temporaryFolder()
  writeFileSync(join(path, 'count'), '0')
  return path
}

const count = (path: string) => Number(readFileSync(join(path, 'count'), 'utf8'))

it('lets one in at a time, inside a process', async () => {
  const path = folder()
  let inside = 0
  const seen = await Promise.all(
    Array.from({ length: 20 }, () =>
      withLock(path, async () => {
        inside++
        await sleep(1)
        return inside--
      }),
    ),
  )
  expect(seen).toEqual(seen.map(() => 1))
})

it('lets one in at a time, between processes', async () => {
  const path = folder()
  const ended = await Promise.all(Array.from({ length: 6 }, () => run(counting, [path, '25'])))
  expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(ended.map(() => [0, '']))
  expect(count(path)).toBe(150)
})

it('is taken over by one process when its holder was killed', async () => {
  const path = folder()
  for (let round = 0; round < 3; round++) {
    await run(holding, [path])
    await Promise.all(Array.from({ length: 4 }, () => run(counting, [path, '5'])))
  }
  expect(count(path)).toBe(60)
  expect(readdirSync(path).filter((name) => name.startsWith('lock-')).length).toBeLessThanOrEqual(2)
})

it('is not held by a process that merely has the number of a dead holder', async () => {
  const path = folder()
  writeFileSync(join(path, 'lock-1'), `${process.pid}:another start:another boot`)
  expect(await withLock(path, async () => 'in')).toBe('in')
})

it('is released by an error', async () => {
  const path = folder()
  await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await withLock(path, async () => 'in')).toBe('in')
})

it('names who holds it when patience ends', async () => {
  const path = folder()
  writeFileSync(join(path, 'lock-1'), processIdentity(process.ppid) ?? '')
  await expect(withLock(path, async () => 'in', 50)).rejects.toMatchObject({
    code: 'EMBEDDED-FAILED',
    message: expect.stringContaining(`process ${process.ppid} `),
  })
})
