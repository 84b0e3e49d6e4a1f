import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/server.ts'
import { type Child, ChildEnded, ChildRefused, startChild } from './child.ts'

/** Answers what it is asked; `say` writes a line to the pipe. */
const echo = `const pipe = new (require('node:net').Socket)({ fd: 3 })
const say = (message) => pipe.write(JSON.stringify(message) + '\\n')
require('node:readline').createInterface({ input: pipe }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (method === 'echo') say({ id, result: params })
  if (method === 'refuse') say({ id, error: params })
  if (method === 'tell') say({ event: 'told', params })
  if (method === 'garbage') pipe.write('not json\\n')
  if (method === 'exit') process.exit(params)
})
`

async function start(text: string, seen: { output?: string[]; events?: unknown[] } = {}): Promise<Child> {
  const file = join(temporaryFolder(), 'child.cjs')
  writeFileSync(file, text)
  return startChild({
    service: 'app',
    command: process.execPath,
    args: [file],
    cwd: process.cwd(),
    env: {},
    onOutput: (line, stream) => seen.output?.push(`${stream}: ${line}`),
    onEvent: (event, params) => seen.events?.push([event, params]),
  })
}

test('asks and is answered, in any order', async () => {
  const events: unknown[] = []
  const child = await start(`${echo}pipe.on('end', () => process.exit(0))`, { events })
  const long = 'é'.repeat(300_000)
  const [one, two, refused] = await Promise.all([
    child.call('echo', { long }),
    child.call('echo', [2]),
    child.call('refuse', { why: 'so' }).catch((error: unknown) => error),
  ])
  expect(one).toEqual({ long })
  expect(two).toEqual([2])
  expect(refused).toBeInstanceOf(ChildRefused)
  expect(refused).toMatchObject({ error: { why: 'so' } })
  void child.call('tell', 5).catch(() => {})
  await child.call('echo', 1)
  expect(events).toEqual([['told', 5]])
  await child.end()
  expect(await child.ended).toEqual({ code: 0, signal: null, stderr: '' })
  await expect(child.call('echo', 1)).rejects.toBeInstanceOf(ChildEnded)
})

test('output comes line by line, an endless line in pieces', async () => {
  const output: string[] = []
  const child = await start(
    `process.stdout.write('a\\r\\nb'); process.stdout.write('c\\n\\nlast'); process.stderr.write('x'.repeat(200000) + '\\nend\\n')`,
    { output },
  )
  await child.ended
  expect(output.filter((line) => line.startsWith('stdout'))).toEqual(['stdout: a', 'stdout: bc', 'stdout: ', 'stdout: last'])
  const errors = output.filter((line) => line.startsWith('stderr')).map((line) => line.slice(8))
  expect(errors.length).toBeGreaterThan(2)
  expect(errors.join('')).toBe(`${'x'.repeat(200_000)}end`)
})

test('a child that ends leaves its last words, bounded', async () => {
  const child = await start(`${echo}for (let i = 0; i < 100; i++) console.error('line ' + i)`)
  const error: unknown = await child.call('exit', 3).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ChildEnded)
  const { end } = error as ChildEnded
  expect(end).toMatchObject({ code: 3, signal: null })
  expect(end.stderr.split('\n')).toHaveLength(40)
  expect(end.stderr).toMatch(/line 99$/)
})

test('what is no answer ends the child', async () => {
  const child = await start(echo)
  await expect(child.call('garbage')).rejects.toMatchObject({ end: { signal: 'SIGKILL' } })
})

test('a child that does not end when it is asked to is killed', async () => {
  const child = await start(`setInterval(() => {}, 1000); process.on('SIGTERM', () => {})`)
  await child.end()
  expect(await child.ended).toMatchObject({ signal: 'SIGKILL' })
})

test('a program that is not there', async () => {
  const spec = { service: 'app', command: '/no/such/program', args: [], cwd: process.cwd(), env: {}, onOutput: () => {} }
  await expect(startChild(spec)).rejects.toMatchObject({
    code: 'RUNTIME-MISSING',
    details: { message: expect.stringContaining('/no/such/program') },
  })
})
