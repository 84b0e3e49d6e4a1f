import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Runs a command to its end and tells how long it took and the most memory it had resident (null where there is no /proc). Throws what the
 * command said when it fails.
 */
export async function measure(command, args, options = {}) {
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr']) child[stream].setEncoding('utf8').on('data', (text) => (said[stream] += text))
  let kib = null
  // VmHWM only grows: the last look before the end is the peak, to within what is taken in 10 ms.
  const timer = setInterval(() => (kib = peak(child.pid) ?? kib), 10)
  let ended = started
  child.once('exit', () => (ended = performance.now()))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  clearInterval(timer)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${said.stderr.slice(-2000)}${said.stdout.slice(-500)}`)
  return { ms: ended - started, mib: kib === null ? null : kib / 1024, stdout: said.stdout }
}

function peak(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? NaN) || undefined
  } catch {
    return undefined
  }
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
