import { hostname, userInfo } from 'node:os'
import { createInterface } from 'node:readline'
import type { Ports } from '../../model/ports.ts'
import { parseArgv } from './argv.ts'
import { runDoor } from './run.ts'

const abort = new AbortController()
let signalled: 'SIGINT' | 'SIGTERM' | undefined

/** The first signal asks for a clean stop; the second one is meant. */
function onSignal(name: 'SIGINT' | 'SIGTERM'): void {
  if (signalled !== undefined) process.exit(name === 'SIGINT' ? 130 : 143)
  signalled = name
  abort.abort()
}
process.on('SIGINT', () => onSignal('SIGINT'))
process.on('SIGTERM', () => onSignal('SIGTERM'))

/** A uid without a passwd entry has no name. */
function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line
  return ''
}

const version = process.env.SKEIN_VERSION ?? '0.0.0'
const ports: Ports = {
  cwd: process.cwd(),
  env: process.env,
  now: () => performance.now(),
  emit: () => {},
  signal: abort.signal,
  program: `skein/${version} migrate`,
  osUser: attempt(() => userInfo().username),
  host: attempt(hostname),
}
const terminal = {
  stderr: (text: string) => void process.stderr.write(text),
  answer: () => firstLine().finally(() => process.stdin.destroy()),
  clock: () => new Date(),
  signalled: () => signalled,
  version: `4.19.1 (skein ${version})`,
}

process.exitCode = await runDoor(parseArgv(process.argv.slice(2)), terminal, ports)
