import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Context } from './context.ts'

/** Everything that can be passed on and means something to a program; KILL and STOP cannot be caught. */
const passed = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGWINCH', 'SIGCONT', 'SIGTSTP'] as const

/** A terminal sends these to every process in its foreground by itself: a program must not get them twice. */
const fromTerminal: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGWINCH', 'SIGTSTP', 'SIGCONT'])

/**
 * Runs a program with our terminal, our streams and our process group, passes every signal on, and gives its exit code: 128+n when signal n ended it, 127
 * when there is no such program, 126 when it may not be run (the shell's own numbers). As process 1 of a container it reaps nothing but this program.
 */
export async function runProgram(command: readonly string[], context: Context): Promise<number> {
  const [program, ...args] = command as [string, ...string[]]
  // Before it starts: it may be faster than this process, and a signal that came in between would be lost, or end this process alone.
  const giveBack = passSignals((signal) => void child.kill(signal), context.stdin.isTTY)
  const child = spawn(program, args, { cwd: context.cwd, env: context.env, stdio: 'inherit' })
  try {
    return await new Promise<number>((done) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        context.stderr.write(`skein run: ${program} cannot be started (${error.code ?? error.message})\n`)
        done(error.code === 'ENOENT' ? 127 : 126)
      })
      child.once('exit', (code, signal) => done(code ?? 128 + constants.signals[signal as NodeJS.Signals]))
    })
  } finally {
    giveBack()
  }
}

/** Takes the place of every listener, those too that would end this process at the second signal; returns how to undo it. */
function passSignals(pass: (signal: NodeJS.Signals) => void, terminal: boolean): () => void {
  const undo = passed
    .filter((signal) => !(terminal && (signal === 'SIGTSTP' || signal === 'SIGCONT')))
    .map((signal) => {
      const others = process.listeners(signal)
      const listener = () => {
        if (!terminal || !fromTerminal.has(signal)) pass(signal)
      }
      process.on(signal, listener)
      for (const other of others) process.off(signal, other)
      return () => {
        for (const other of others) process.on(signal, other)
        process.off(signal, listener)
      }
    })
  return () => {
    for (const one of undo) one()
  }
}
