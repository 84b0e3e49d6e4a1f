import { Command, Option } from 'commander'
import { counts } from '../../app/counts.ts'
import { schema, type SchemaResult } from '../../app/schema.ts'
import { tables } from '../../app/tables.ts'
import { humanCounts, markdownCounts } from '../../report/inspect/counts.ts'
import { humanSchema } from '../../report/inspect/schema-text.ts'
import { humanTables, markdownTables } from '../../report/inspect/tables.ts'
import { portsOf, type Context } from '../context.ts'
import { common, milliseconds, requestOf, type CommonOptions } from '../options.ts'
import { print } from '../output.ts'

const quiet = () => {}

interface Given extends CommonOptions {
  format?: 'human' | 'json' | 'markdown' | 'mermaid'
  all?: boolean
}

/** Verbs that look into databases: tables, counts, schema. */
export function inspectingVerbs(context: Context): Command[] {
  return [tablesVerb(context), countsVerb(context), schemaVerb(context)]
}

function tablesVerb(context: Context): Command {
  return inspecting('tables', ['human', 'json', 'markdown'])
    .description('the tables of the services: how large, and which migration made them')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('--all', 'also the tools’ tables, Skein’s own, and what extensions brought')
    .action(async (services: string[], given: Given) => {
      const options = asked(given)
      const result = await tables({ ...requestOf(options, services), all: options.all }, portsOf(context, quiet))
      print(context, options, result, options.format === 'markdown' ? markdownTables : humanTables)
    })
}

function countsVerb(context: Context): Command {
  return inspecting('counts', ['human', 'json', 'markdown'])
    .description('how many rows each table has')
    .argument('[service...]', 'names, aliases or globs; none: all')
    .option('--estimate', 'as the server believes, instead of counting')
    .option('--all', 'also partitions, the tools’ tables, Skein’s own, and what extensions brought')
    .option('--statement-timeout <duration>', 'for each count (no limit)', milliseconds)
    .action(async (services: string[], given: Given & { estimate?: boolean; statementTimeout?: number }) => {
      const options = asked(given)
      const { all, estimate, statementTimeout: statementTimeoutMs } = options
      const result = await counts({ ...requestOf(options, services), all, estimate, statementTimeoutMs }, portsOf(context, quiet))
      print(context, options, result, options.format === 'markdown' ? markdownCounts : humanCounts)
    })
}

function schemaVerb(context: Context): Command {
  return inspecting('schema', ['human', 'json', 'markdown', 'mermaid'])
    .description('columns, keys, indexes and triggers, and which migration made and changed them')
    .usage('[options] [service...] [table...]')
    .argument('[words...]', 'services (names, aliases, globs) and tables: users, shop.users; a word that is a service’s is that one')
    .option('--all', 'also partitions, the tools’ tables, Skein’s own, and what extensions brought')
    .action(async (words: string[], given: Given) => {
      const options = asked(given)
      const result = await schema({ ...requestOf(options, []), words, all: options.all }, portsOf(context, quiet))
      const page = await pageOf(options.format, result)
      print(context, options, result, (one, style) => page ?? humanSchema(one, style))
    })
}

function inspecting(name: string, formats: string[]): Command {
  return common(new Command(name)).addOption(new Option('--format <format>', 'how it is told (human)').choices(formats))
}

function asked<Options extends Given>(given: Options): Options {
  return { ...given, json: given.json === true || given.format === 'json' }
}

/** Pages that few ask for are loaded when somebody does. Undefined for words and JSON. */
async function pageOf(format: Given['format'], result: SchemaResult): Promise<string | undefined> {
  if (format === 'markdown') return (await import('../../report/inspect/schema-markdown.ts')).markdownSchema(result)
  if (format === 'mermaid') return (await import('../../report/inspect/schema-mermaid.ts')).mermaidSchema(result)
  return undefined
}
