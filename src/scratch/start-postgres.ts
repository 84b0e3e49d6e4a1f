import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SkeinError } from '../model/errors.ts'
import { whyNot } from './initdb.ts'
import { isServerOf, type Postmaster, readPostmaster } from './postmaster.ts'
import { serverEnvironment, serverUser } from './server-user.ts'

export interface Launch {
  /** The staged programs. */
  programs: string
  dataDir: string
  socketDir: string
  port: number
  log: string
  settings: Record<string, string>
}

/** How long a server may take; it replays its log after a crash. */
const patience = 120_000

/**
 * Starts a server and waits until it takes connections. It outlives us: its own session keeps Ctrl-C in our terminal away from it, its
 * output goes to a file. Throws EMBEDDED-FAILED, with the end of what it had to say.
 */
export async function startPostgres(launch: Launch): Promise<Postmaster> {
  const before = logSize(launch.log)
  const child = await spawnPostgres(launch)
  const deadline = Date.now() + patience
  for (;;) {
    const running = await readPostmaster(launch.dataDir)
    if (running?.pid === child.pid && running?.status === 'ready') return running
    if (child.exitCode !== null || child.signalCode !== null) throw didNotStart(launch, before)
    if (Date.now() > deadline) throw notReady(launch.log)
    await sleep(10)
  }
}

/** Waits for a server that someone else started; undefined when it ends instead. Throws EMBEDDED-FAILED. */
export async function waitUntilReady(running: Postmaster, dataDir: string, log: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + patience
  while (await isServerOf(running.pid, dataDir)) {
    const now = await readPostmaster(dataDir)
    if (now?.status === 'ready') return now
    if (Date.now() > deadline) throw notReady(log)
    await sleep(10)
  }
  return undefined
}

async function spawnPostgres({ programs, dataDir, socketDir, port, log, settings }: Launch) {
  // -D first: ps tells this server from others by it. Quotes in the socket folder's name would end it, hence the doubling.
  const options = ['-D', dataDir, '-p', String(port), '-c', `unix_socket_directories="${socketDir.replaceAll('"', '""')}"`]
  for (const [name, value] of Object.entries({ listen_addresses: '127.0.0.1', logging_collector: 'off', ...settings })) {
    options.push('-c', `${name}=${value}`)
  }
  if (logSize(log) > 10_000_000) renameSync(log, `${log}.old`)
  const output = openSync(log, 'a', 0o600)
  try {
    const child = spawn(join(programs, 'bin', 'postgres'), options, {
      ...serverUser(),
      cwd: '/',
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', output, output],
    })
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    return child
  } catch (cause) {
    throw new SkeinError('EMBEDDED-FAILED', { message: `the server cannot be started: ${whyNot(cause)}`, cause })
  } finally {
    closeSync(output)
  }
}

function didNotStart({ log }: Launch, before: number): SkeinError {
  const said = logTail(log, before)
  return new SkeinError('EMBEDDED-FAILED', {
    message: `the server does not start:\n${said}`,
    // Source: src/backend/utils/init/miscinit.c, CreateLockFile: a process that was killed may still be ending, or wait to be buried.
    hint: `${said.includes('"postmaster.pid" already exists') ? 'the server before has not ended yet: run the same command again in a moment; ' : ''}everything it said is in ${log}`,
    data: { log: said },
  })
}

function notReady(log: string): SkeinError {
  return new SkeinError('EMBEDDED-FAILED', {
    message: `the server has been starting for ${patience / 1000} s:\n${logTail(log, 0)}`,
    hint: `everything it said is in ${log}`,
  })
}

function logTail(log: string, from: number): string {
  try {
    return readFileSync(log).subarray(from).toString('utf8').trim().split('\n').slice(-12).join('\n')
  } catch {
    return ''
  }
}

function logSize(log: string): number {
  return statSync(log, { throwIfNoEntry: false })?.size ?? 0
}
