import { basename, dirname, join, relative, resolve } from 'node:path'
import { historyNamed } from '../histories/index.ts'
import type { HistorySpec, Service } from '../model/service.ts'
import { checkFolder, openFolder, relativeLabel } from '../util/folder.ts'
import { didYouMean } from '../util/nearest.ts'
import type { ConfigNode } from './config-tree.ts'
import { demandsOf } from './demands.ts'
import { detectionFailure, detectTool } from './detect.ts'
import { environmentFolders, environmentsSpokenOf, namedEnvironments, policiesOf, restrictionsOf } from './environments.ts'
import { isFolder } from './find.ts'
import { parseLockKey } from './lock-keys.ts'
import { tellingPart } from './names.ts'
import { type Problem, problemOf } from './problems.ts'
import type { ServiceEntry } from './schema.ts'
import { parseTableName } from './table-name.ts'
import { type Tool, tools } from './tools.ts'

interface Given {
  /** Its key under `services`. */
  short: string
  entry: ServiceEntry
  node: ConfigNode
  /** Of the workspace, for labels. */
  root: string
  environment: string | undefined
}

/**
 * One entry of `services` with every default filled in, all but its needs. What is wrong goes to problems, with its place: SOURCE-UNREADABLE, TOOL-UNKNOWN,
 * TOOL-AMBIGUOUS, TOOL-UNSUPPORTED, CONFIG-INVALID; then the result is undefined.
 */
export function readService(given: Given, problems: Problem[]): Service | undefined {
  const { short, entry, node, environment } = given
  const { config, folder, placeOf } = node.file
  const before = problems.length
  const paths = pathsOf(given, problems)
  const tool = paths === undefined ? undefined : toolOf(given, paths, problems)
  if (paths === undefined || tool === undefined) return undefined
  const history = historyOf(given, paths, tool, problems)
  const own = entry.database === undefined ? ['database'] : ['services', short, 'database']
  const database = entry.database ?? config.database
  if (!tool.environmentFolders && Array.isArray(entry.environments))
    problems.push({
      code: 'CONFIG-INVALID',
      message: `services.${short}.environments: ${tool.name} takes every sub-folder for a migration, so none can be for one environment`,
      place: placeOf(['services', short, 'environments'], 'key'),
    })
  checkRuntime(given, tool, problems)
  const seeds = seedsOf(given, problems)
  if (problems.length > before) return undefined
  return {
    name: `${node.prefix}${short}`,
    aliases: (entry.aliases ?? []).map((alias) => `${node.prefix}${alias}`),
    tool: tool.name,
    source: tool.source,
    history,
    paths,
    database,
    databaseAt: database === undefined ? undefined : { key: own.join('.'), place: placeOf(own) },
    role: entry.role,
    schema: entry.schema,
    ledgerSchema: entry.ledger?.schema ?? config.ledger?.schema ?? 'skein',
    needs: [],
    tier: entry.tier === undefined ? undefined : `${node.prefix}${entry.tier}`,
    policies: policiesOf(config, entry, environment),
    restrictions: restrictionsOf(node, paths, given.root, environment),
    demands: demandsOf(node, paths, given.root, environment),
    environment,
    environments: [
      ...new Set([
        ...(tool.environmentFolders ? environmentFolders(paths, namedEnvironments(config, entry)) : []),
        ...environmentsSpokenOf(paths, given.root),
      ]),
    ],
    place: placeOf(['services', short], 'key'),
    root: folder,
    runtime: entry.runtime,
    ...(seeds === undefined ? {} : { seeds }),
  }
}

/** Absolute folders of seeds; undefined where nothing is said. */
function seedsOf({ short, entry, node, root }: Given, problems: Problem[]): string[] | undefined {
  return entry.seeds === undefined ? undefined : namedFolders({ short, node, root }, 'seeds', entry.seeds, problems)
}

/** Absolute folders. Without `path`, the one place where the service's name leads to. */
function pathsOf({ short, entry, node, root }: Given, problems: Problem[]): string[] | undefined {
  const { config, folder, placeOf } = node.file
  if (entry.path === undefined) {
    const places = [`migrations/${short}`, `database/migrations/${short}`, `${short}/migrations`, `services/${short}/migrations`]
    if (Object.keys(config.services ?? {}).length === 1) places.push('migrations', 'db/migrations')
    const there = places.filter((place) => isFolder(join(folder, place)))
    const [first] = there
    if (first !== undefined && there.length === 1) return [join(folder, first)]
    const said =
      there.length === 0 ? `has no path, and there is none of ${places.join(', ')}` : `has no path, and there are ${there.join(' and ')}`
    problems.push({
      code: 'SOURCE-UNREADABLE',
      message: `services.${short} ${said}`,
      hint: `say where its migrations are: path: …`,
      place: placeOf(['services', short], 'key'),
    })
    return undefined
  }
  return namedFolders({ short, node, root }, 'path', entry.path, problems)
}

/** The folders that a key names, absolute; each must be there, once. */
function namedFolders(
  { short, node, root }: Pick<Given, 'short' | 'node' | 'root'>,
  key: 'path' | 'seeds',
  value: string | readonly string[],
  problems: Problem[],
): string[] | undefined {
  const { folder, placeOf } = node.file
  const given = typeof value === 'string' ? [value] : value
  const paths = given.map((path) => resolve(folder, path))
  const before = problems.length
  for (const [index, path] of paths.entries()) {
    const place = placeOf(['services', short, key, ...(typeof value === 'string' ? [] : [index])])
    try {
      if (paths.indexOf(path) !== index)
        problems.push({ code: 'CONFIG-INVALID', message: `services.${short}.${key} names ${given[index]} twice`, place })
      else checkFolder(path, root)
    } catch (error) {
      const problem = problemOf(error, place)
      const isThere = problem.message.endsWith('permission denied')
      const hint = isThere ? 'check who may read it' : `paths are relative to the folder of ${node.file.label}`
      problems.push({
        ...problem,
        message: `services.${short}.${key}: ${problem.message.replace('ENOTDIR', 'it is a file, not a folder')}${closeBy(path)}`,
        hint,
      })
    }
  }
  return problems.length > before ? undefined : paths
}

/** Keys under `runtime:` are those of the tool; a tool whose migrations are SQL has none. */
function checkRuntime({ short, entry, node }: Given, tool: Tool, problems: Problem[]): void {
  const { placeOf } = node.file
  const keys = tool.runtimeKeys ?? []
  for (const key of Object.keys(entry.runtime ?? {})) {
    if (keys.includes(key)) continue
    const message =
      keys.length === 0
        ? `services.${short}.runtime: migrations of ${tool.name} are SQL files and need no runtime`
        : `services.${short}.runtime.${key}: ${tool.name} knows no such key${didYouMean(key, keys)}; it knows ${keys.join(', ')}`
    problems.push({ code: 'CONFIG-INVALID', message, place: placeOf(['services', short, 'runtime', key], 'key') })
  }
}

/** A folder beside the missing one that may have been meant. */
function closeBy(path: string): string {
  if (!isFolder(dirname(path))) return ''
  const folders = openFolder(dirname(path), dirname(path))
    .entries()
    .filter((entry) => entry.type === 'folder' && entry.name !== basename(path))
  return didYouMean(
    basename(path),
    folders.map((entry) => entry.name),
  )
}

function toolOf({ short, entry, node, root }: Given, paths: readonly string[], problems: Problem[]): Tool | undefined {
  const { placeOf } = node.file
  if (entry.tool !== undefined) {
    const tool = tools.get(entry.tool)
    if (tool !== undefined) return tool
    throw new Error(`the schema lets ${entry.tool} pass`)
  }
  const place = placeOf(['services', short], 'key')
  const where = paths.map((path) => relativeLabel(path, root)).join(' and ')
  try {
    const detection = detectTool(paths.map((path) => openFolder(path, root)))
    const tool = detection.kind === 'tool' ? tools.get(detection.tool) : undefined
    if (tool !== undefined) return tool
    if (detection.kind !== 'tool') problems.push({ ...detectionFailure(detection, short, where), place })
  } catch (error) {
    problems.push(problemOf(error, place))
  }
  return undefined
}

function historyOf({ short, entry, node }: Given, paths: readonly string[], tool: Tool, problems: Problem[]): HistorySpec {
  const { folder, placeOf } = node.file
  const history = historyNamed(tool.history)
  const refuse = (path: PropertyKey[], message: string, what: 'key' | 'value' = 'value') =>
    void problems.push({
      code: 'CONFIG-INVALID',
      message: `services.${[short, ...path].join('.')} ${message}`,
      place: placeOf(['services', short, ...path], what),
    })

  const named = entry.table === undefined ? { table: history.defaultTable(short) } : parseTableName(entry.table)
  if (typeof named === 'string') refuse(['table'], named)
  const lockKeys: bigint[] = []
  for (const [index, key] of (entry.lock_keys ?? []).entries()) {
    const parsed = parseLockKey(key)
    if (typeof parsed === 'bigint') lockKeys.push(parsed)
    else refuse(['lock_keys', index], parsed)
  }
  if (entry.columns !== undefined && !tool.renamesColumns)
    refuse(['columns'], `cannot be set: the columns of ${tool.name} are always the same`, 'key')
  else
    for (const column of Object.keys(entry.columns ?? {}))
      if (!history.columns.includes(column))
        refuse(
          ['columns', column],
          `is no column of ${tool.name}${didYouMean(column, history.columns)}; it has ${history.columns.join(', ')}`,
          'key',
        )
  if (entry.service_value !== undefined && !history.sharesTable)
    refuse(['service_value'], `cannot be set: the table of ${tool.name} has no service column`, 'key')

  const value = entry.service_value ?? node.values?.get(short) ?? tellingPart(relative(folder, paths[0] ?? folder)) ?? short
  return {
    name: tool.history,
    ...(typeof named === 'string' ? { table: '' } : named),
    ...(entry.table === undefined ? {} : { given: true }),
    service: history.sharesTable ? value : undefined,
    columns: entry.columns,
    lockKeys,
  }
}
