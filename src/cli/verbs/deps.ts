import { Command, Option } from 'commander'
import { deps, type DepsResult } from '../../app/deps.ts'
import { writeDependencies } from '../../app/write-dependencies.ts'
import { SkeinError } from '../../model/errors.ts'
import { textDeps } from '../../report/deps/text.ts'
import { textWritten } from '../../report/deps/written.ts'
import { portsOf, type Context } from '../context.ts'
import { common, requestOf, type CommonOptions } from '../options.ts'
import type { Outcome } from '../outcome.ts'
import { print } from '../output.ts'

const quiet = () => {}

interface Given extends CommonOptions {
  format?: 'human' | 'text' | 'mermaid' | 'dot' | 'json' | 'svg'
  migrations?: boolean
  write?: boolean
  dryRun?: boolean
}

/** The verb that shows what stands on what, and writes what nobody has written down yet. */
export function depsVerbs(context: Context, outcome: Outcome): Command[] {
  return [
    common(new Command('deps'))
      .aliases(['dependencies', 'graph'])
      .description('what stands on what: services, tiers, dependencies.json')
      .argument('[service...]', 'names, aliases or globs; none: all')
      .addOption(
        new Option('--format <format>', 'how it is told (human; text is the same)').choices([
          'human',
          'text',
          'mermaid',
          'dot',
          'json',
          'svg',
        ]),
      )
      .option('--migrations', 'every migration, not only services (so where one service is named)')
      .option('--write', 'add what is missing to dependencies.json, read from the SQL')
      .option('--dry-run', 'with --write: show what would be added')
      .action(async (services: string[], given: Given) => {
        const options = { ...given, json: given.json === true || given.format === 'json' }
        const { request, ports } = { request: requestOf(options, services), ports: portsOf(context, quiet) }
        if (options.write === true) {
          if (!['human', 'text', 'json'].includes(options.format ?? 'human'))
            throw new SkeinError('USAGE', { message: `--write does not go with --format ${options.format}` })
          const written = await writeDependencies({ ...request, dryRun: options.dryRun === true }, ports)
          print(context, options, written, textWritten)
          return
        }
        if (options.dryRun === true)
          throw new SkeinError('USAGE', { message: '--dry-run goes with --write', hint: 'skein deps --write --dry-run' })
        const result = await deps(request, ports)
        const detail = options.migrations === true || (services.length > 0 && result.services.length === 1)
        const page = await pageOf(options.format, result, detail)
        print(context, options, result, (one, style) => page ?? textDeps(one, style, detail || services.length > 0))
        // A picture has no place for what is wrong.
        const errors = page === undefined ? [] : result.findings.filter((finding) => finding.severity === 'error')
        for (const { message } of errors) context.stderr.write(`${message}\n`)
        outcome.exit = result.exit
      }),
  ]
}

/** Drawings are loaded when asked for. Undefined for words and JSON. */
async function pageOf(format: Given['format'], result: DepsResult, migrations: boolean): Promise<string | undefined> {
  if (format === 'mermaid') return (await import('../../report/deps/mermaid.ts')).mermaidDeps(result, migrations)
  if (format === 'dot') return (await import('../../report/deps/dot.ts')).dotDeps(result, migrations)
  if (format === 'svg') return (await import('../../report/deps/svg.ts')).svgDeps(result, migrations)
  return undefined
}
