import { runCli } from './run-cli.ts'

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
// A pipe that is closed early (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? process.exit(0) : undefined))

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  signal: abort.signal,
  signalled: () => signalled,
  version: process.env.SKEIN_VERSION ?? '0.0.0',
})
