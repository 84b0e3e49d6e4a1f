import type { z } from 'zod'
import { tools } from './tools.ts'

/** What a workspace file says after its checks, before any default is filled in. */
export type Config = z.output<Schema>
/** One entry of `services`. */
export type ServiceEntry = NonNullable<NonNullable<Config['services']>[string]>
/** Hooks as a file says them. */
export type HooksConfig = NonNullable<Config['hooks']>
/** One command or some SQL. */
export type HookEntry = NonNullable<HooksConfig['before-run']>[number]
/** What to do when files and database disagree, as far as it is said. */
export type PolicyConfig = Pick<ServiceEntry, 'changed' | 'out-of-order' | 'ahead'>

/** The keys of a workspace file, as zod checks them. zod is loaded on the first call: a workspace without a file does without. */
export function workspaceSchema(): Promise<Schema> {
  return (made ??= makeSchema())
}

let made: Promise<Schema> | undefined

type Schema = Awaited<ReturnType<typeof makeSchema>>

async function makeSchema() {
  const { z } = await import('zod')
  const text = z.string().trim().min(1, 'is empty')
  const names = z.array(text)
  const policies = {
    changed: z
      .enum(['error', 'warn', 'redo'])
      .optional()
      .describe('An applied file whose meaning changed: refuse, warn, or take it back and run it again.'),
    'out-of-order': z
      .enum(['error', 'run', 'ignore'])
      .optional()
      .describe('A new file that sorts before an applied one: refuse, run it, or leave it out.'),
    ahead: z.enum(['error', 'ok']).optional().describe('The database has migrations that the files do not have: refuse, or let it be.'),
  }
  const ledger = z.strictObject({ schema: text.optional().describe('Schema that holds the ledger. Default: skein.') })
  const hook = z.strictObject({
    name: text.optional().describe('What it is called in messages. Default: its place in the file.'),
    run: z
      .union([text, names.min(1, 'is empty')], { error: 'must be a command, or a list of a program and its arguments' })
      .optional()
      .describe('A command for /bin/sh, or a list of a program and its arguments; told by SKEIN_… variables what happens.'),
    sql: text.optional().describe('SQL, or a file of it that ends in .sql: on a connection of its own to the database that it is about.'),
    timeout: text.optional().describe('How long it may take: 30s, 5m. Default: 60s.'),
    on: z
      .array(z.enum(['success', 'failure']))
      .min(1, 'is empty')
      .optional()
      .describe('Of a hook after something: after which end of it. Default: both.'),
    required: z.boolean().optional().describe('Of a hook after something: its failure fails the run. Default: false, a warning.'),
  })
  const inner = {
    'before-service': z.array(hook).optional().describe('Before the first step of a service in a run.'),
    'before-step': z.array(hook).optional().describe('Before each step.'),
    'after-step': z.array(hook).optional().describe('After each step, however it ended.'),
    'after-service': z.array(hook).optional().describe('After the last step of a service in a run.'),
  }
  const hooks = z.strictObject({
    'before-run': z.array(hook).optional().describe('Once, before anything of a run is written.'),
    ...inner,
    'after-run': z.array(hook).optional().describe('Once, when a run is over and its locks are free.'),
  })
  const service = z.strictObject({
    path: z
      .union([text, names.min(1, 'is empty')], { error: 'must be a path or a list of paths' })
      .optional()
      .describe('Folder of the migrations, relative to this file; several are merged into one history.'),
    tool: z
      .enum([...tools.keys()])
      .optional()
      .describe('The tool that the files are written for. Default: told from the files.'),
    tier: tier(z).optional().describe('One of tiers: it needs all lower ones.'),
    needs: names.optional().describe('Services that come first, whole or up to a version: core, tenant@20240101120000.'),
    aliases: names.optional().describe('Other names of the service on the command line.'),
    database: text.optional().describe('A URL, a DSN, embedded, or embedded:NAME.'),
    role: text.optional().describe('SET ROLE for the sessions of this service.'),
    schema: text.optional().describe('search_path of the sessions of this service.'),
    table: text.optional().describe("The tool's table, [schema.]name. Default: the tool's own."),
    service_value: text
      .max(100, 'has more than 100 characters')
      .optional()
      .describe('What the service column of a shared table says. Default: the name of the folder.'),
    columns: z.record(z.string(), text).optional().describe("Other names for the columns of a home-made tool's table."),
    lock_keys: z
      .array(z.union([z.int(), text], { error: 'must be an integer; one of more than 53 bit stands in quotes' }))
      .optional()
      .describe('Further advisory lock keys to hold while writing.'),
    runtime: z.record(z.string(), text).optional().describe('How migrations in code are run.'),
    seeds: z
      .union([text, names.min(1, 'is empty')], { error: 'must be a path or a list of paths' })
      .optional()
      .describe('Folders of the seeds, relative to this file. Default: seeds in or beside the folder of migrations.'),
    hooks: z.strictObject(inner).optional().describe('What runs before and after this service and its steps.'),
    ledger: ledger.optional(),
    environments: z
      .union([names, z.record(z.string(), z.strictObject(policies).nullable())], {
        error: 'must be a list of folder names, or a policy for each environment',
      })
      .optional()
      .describe('Folders of migrations for one environment only, or policies for each environment.'),
    ...policies,
  })
  const risk = z.enum(['low', 'medium', 'high'])
  const environment = z.strictObject({
    ...policies,
    approve: risk.optional().describe('Risk from which migrations run only after somebody approved exactly them (exit 8).'),
    backup: risk.optional().describe('Risk from which a backup of the database is taken before the first step.'),
    allow: z
      .strictObject({
        destructive: z.boolean().optional().describe('Statements that destroy data. false: they are refused before anything runs.'),
        code: z
          .boolean()
          .optional()
          .describe('Under destructive: false, whether that may run which cannot be looked into: code, dynamic SQL. Default: false.'),
      })
      .optional()
      .describe('What may be run at all.'),
  })
  return z.strictObject({
    database: text.optional().describe('Database of the services that name none: a URL, a DSN, embedded, or embedded:NAME.'),
    include: names.optional().describe('Other workspace files, relative to this one; their services are called <folder>/<service>.'),
    tiers: z.array(tier(z)).optional().describe('Tiers in order: each needs all before it.'),
    services: z.record(z.string(), service.nullable()).optional().describe('Each service by its name.'),
    environments: z.record(z.string(), environment.nullable()).optional().describe('Policies for each environment (--env, SKEIN_ENV).'),
    ledger: ledger.optional(),
    hooks: hooks.optional().describe('What runs before and after a run, and before and after all services of this file and their steps.'),
  })
}

/** The keys that are allowed where `path` leads to, for suggestions. Undefined where any key is. */
export async function keysAt(path: readonly PropertyKey[]): Promise<string[] | undefined> {
  const { z } = await import('zod')
  let at: unknown = await workspaceSchema()
  for (const step of path) at = below(at, step)
  const inside = object(at)
  return inside === undefined ? undefined : Object.keys(inside.shape)

  function object(schema: unknown): z.ZodObject | undefined {
    if (schema instanceof z.ZodObject) return schema
    if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return object(schema.unwrap())
    return undefined
  }

  function below(schema: unknown, step: PropertyKey): unknown {
    if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return below(schema.unwrap(), step)
    if (schema instanceof z.ZodObject) return schema.shape[String(step)]
    if (schema instanceof z.ZodRecord) return schema.valueType
    if (schema instanceof z.ZodArray) return schema.element
    if (schema instanceof z.ZodUnion)
      return below(
        schema.options.find((option) => option instanceof z.ZodRecord),
        step,
      )
    return undefined
  }
}

/** A tier is called by a text or a number: "Core Setup", 0. */
function tier(zod: typeof z) {
  return zod.union([zod.string().trim().min(1, 'is empty'), zod.int()], { error: 'must be a text or a whole number' }).transform(String)
}
