import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../src/cli/serve-health.ts'
import { connect, privateServer } from '../server.ts'
import { skeinProgram } from '../under-test.ts'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, sql } from './kit.ts'

const yaml = { 'skein.yaml': 'services: { shop: { path: migrations, tool: golang-migrate } }\n' }

/** Asks until the answer is the one that is hoped for: a look is kept for a second. */
async function until(url: string, isIt: (answer: { status: number; text: string }) => boolean) {
  for (let left = 100; ; left--) {
    const response = await fetch(url)
    const answer = { status: response.status, text: await response.text() }
    if (isIt(answer) || left === 0) return answer
    await new Promise((done) => setTimeout(done, 100))
  }
}

describe('health', () => {
  it('says pending, ready, ahead, broken and unreachable, once and served', async () => {
    const server = await privateServer()
    const url = server.url('postgres')
    const env = { DATABASE_URL: url }
    const folder = folderOf({ ...yaml, ...shopFiles() })
    const once_ = async (code: number) => {
      const ran = await inProcess(folder, ['health', '--json'], { env })
      expect({ code: ran.code, said: ran.stdout }).toEqual({ code, said: ran.stdout })
      return JSON.parse(ran.stdout).services[0] as Record<string, unknown>
    }
    expect(await once_(9)).toMatchObject({ ready: false, why: { code: 'PENDING' }, pending: 2, applied: 0, lastSuccess: null })

    const [program, ...first] = skeinProgram
    const child = spawn(program, [...first, 'health', '--serve', '127.0.0.1:0'], { cwd: folder, env: { ...process.env, ...env } })
    const [said] = (await once(child.stderr, 'data')) as [Buffer]
    const base = /http:\/\/[\d.:]+/.exec(String(said))?.[0] as string
    expect(await until(`${base}/readyz`, () => true)).toEqual({ status: 503, text: 'not ready\nshop: PENDING\n' })
    expect((await fetch(`${base}/else`)).status).toBe(404)
    expect((await fetch(`${base}//?x=:`)).status).toBe(404)
    expect((await fetch(`${base}/readyz`, { method: 'POST' })).status).toBe(405)

    await inProcess(folder, ['up'], { env })
    expect(await once_(0)).toMatchObject({ ready: true, why: null, applied: 2, lastSuccess: { seconds: expect.any(Number) } })
    expect(await until(`${base}/readyz`, ({ status }) => status === 200)).toEqual({ status: 200, text: 'ready\n' })

    const holder = await connect(url)
    const key = JSON.parse((await inProcess(folder, ['locks', '--json'], { env })).stdout).locks[0].key as string
    await holder.query('select pg_advisory_lock($1)', [key])
    expect(await once_(0)).toMatchObject({ ready: true, lockHeld: true })
    const metrics = await until(`${base}/metrics`, ({ text }) => text.includes('skein_lock_held{service="shop",tool="golang-migrate"} 1'))
    await holder.end()
    const lines = metrics.text.split('\n')
    expect(lines).toContain('# TYPE skein_migrations_pending gauge')
    for (const line of ['skein_up', 'skein_ready', 'skein_lock_held'])
      expect(lines).toContain(`${line}{service="shop",tool="golang-migrate"} 1`)
    expect(lines).toContain('skein_migrations_applied{service="shop",tool="golang-migrate"} 2')
    expect(metrics.text).toMatch(/skein_last_success_timestamp_seconds\{[^}]*\} \d{10}/)
    for (const line of lines) expect(line).toMatch(/^(# (HELP|TYPE) skein_\w+ .+|skein_\w+\{service="[^"]*",tool="[^"]*"\} [\d.e+-]+|)$/)

    await sql(url, 'update schema_migrations set version = 9')
    expect(await once_(0)).toMatchObject({ ready: true, ahead: expect.any(Number) })
    await sql(url, 'update schema_migrations set dirty = true')
    expect(await once_(7)).toMatchObject({ ready: false, failed: 1, why: { code: 'DIRTY' } })

    await server.stop()
    expect(await once_(3)).toMatchObject({ ready: false, reachable: false })
    const down = await until(`${base}/readyz`, ({ text }) => text.includes('CONNECT'))
    expect(down).toMatchObject({ status: 503, text: expect.stringMatching(/^not ready\nshop: CONNECT-REFUSED\n$/) })
    expect((await until(`${base}/metrics`, () => true)).text).toContain('skein_up{service="shop",tool="golang-migrate"} 0')
    expect(await until(`${base}/healthz`, () => true)).toEqual({ status: 200, text: 'ok\n' })
    await server.start()
    await sql(url, 'update schema_migrations set version = 2, dirty = false')
    expect(await until(`${base}/readyz`, ({ status }) => status === 200)).toMatchObject({ status: 200 })
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  }, 60_000)

  it('knows an address', () => {
    expect(parseAddress(':8080')).toEqual({ host: undefined, port: 8080 })
    expect(parseAddress('8080')).toEqual({ host: undefined, port: 8080 })
    expect(parseAddress('127.0.0.1:0')).toEqual({ host: '127.0.0.1', port: 0 })
    expect(parseAddress('[::1]:9')).toEqual({ host: '::1', port: 9 })
    for (const wrong of ['', 'localhost', ':99999', '::1:9']) expect(() => parseAddress(wrong)).toThrow(/no address/)
  })
})
