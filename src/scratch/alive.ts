import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * A word that tells one process from every other that ever had its number on this machine, or undefined when none has it now.
 * A pid alone is not enough: it is reused, most of all after a reboot.
 */
export function processIdentity(pid: number): string | undefined {
  return process.platform === 'linux' ? linuxIdentity(pid) : psIdentity(pid)
}

function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the second field is the program's name in brackets and may hold blanks and brackets itself, so count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, started] = [fields[0], fields[19]]
    // A zombie has ended; where nothing reaps (a container whose first process does not wait) it keeps its number for ever.
    if (state === 'Z' || state === 'X') return undefined
    return `${pid}:${started}:${bootId()}`
  } catch {
    return undefined
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

function psIdentity(pid: number): string | undefined {
  try {
    const [state, ...started] = ps(pid, 'state=,lstart=').split(/\s+/)
    return !state || state.startsWith('Z') ? undefined : `${pid}:${started.join(' ')}`
  } catch {
    return undefined // ps ends with 1 when there is no such process
  }
}

/** What `ps` says about one process; throws when there is none. For systems without /proc. */
export function ps(pid: number, columns: string): string {
  return execFileSync('ps', ['-ww', '-o', columns, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}
