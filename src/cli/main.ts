import { stopOnSignals } from '../util/stop-on-signals.ts'
import { runCli } from './run-cli.ts'

const { signal, signalled } = stopOnSignals()
// A pipe that is closed early (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? process.exit(0) : undefined))

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  signal,
  signalled,
  version: process.env.SKEIN_VERSION ?? '0.0.0',
})
