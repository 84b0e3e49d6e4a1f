import { createInterface } from 'node:readline'
import type { Ports } from '../../model/ports.ts'
import { stopOnSignals } from '../../util/stop-on-signals.ts'
import { whereabouts } from '../../util/whereabouts.ts'
import { parseArgv } from './argv.ts'
import { runDoor } from './run.ts'

const { signal, signalled } = stopOnSignals()

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
  signal,
  program: `skein/${version} migrate`,
  ...whereabouts(),
}
const terminal = {
  stderr: (text: string) => void process.stderr.write(text),
  answer: () => firstLine().finally(() => process.stdin.destroy()),
  clock: () => new Date(),
  signalled,
  version: `4.19.1 (skein ${version})`,
}

process.exitCode = await runDoor(parseArgv(process.argv.slice(2)), terminal, ports)
