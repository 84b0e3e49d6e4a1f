import { Command } from 'commander'
import { health } from '../../app/health.ts'
import { load } from '../../app/load.ts'
import { humanHealth } from '../../report/human/health.ts'
import { portsOf, type Context } from '../context.ts'
import { common, requestOf, type CommonOptions } from '../options.ts'
import type { Outcome } from '../outcome.ts'
import { print } from '../output.ts'
import { parseAddress, serveHealth } from '../serve-health.ts'

/** The verb health: once with an exit code, or served to probes and scrapers. */
export function healthVerb(context: Context, outcome: Outcome): Command {
  return common(new Command('health'))
    .description('whether programs of this checkout can work: exit 0 ready, 3 unreachable, 7 broken, 9 pending')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('--serve <address>', 'answer on [HOST]:PORT: /healthz, /readyz, /metrics (Prometheus)')
    .action(async (services: string[], options: CommonOptions & { serve?: string }) => {
      const ports = portsOf(context, () => {})
      const request = requestOf(options, services)
      if (options.serve === undefined) {
        const result = await health(request, ports)
        print(context, options, result, humanHealth)
        outcome.exit = result.exit
        return
      }
      const address = parseAddress(options.serve)
      // Read once: wrong files end it here, and what it answers later costs no reading.
      const loaded = await load(request, ports)
      const server = await serveHealth(address, () => health(request, ports, loaded), context.signal)
      if (options.quiet !== true) context.stderr.write(`health: ${server.url}/readyz\n`)
      await server.ended
    })
}
