import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Hook, type HookMoment, hookMoments } from '../model/hook.ts'
import { parseDuration } from '../util/duration.ts'
import { isFolder } from './find.ts'
import type { ConfigNode } from './config-tree.ts'
import { type Problem, placeText } from './problems.ts'
import type { HookEntry, HooksConfig } from './schema.ts'

/** A hook may take this long where it says nothing, in milliseconds. */
const usualTimeoutMs = 60_000

/**
 * The hooks of each file with those of the files that include it before them: a file speaks for its own services and for all that it includes. What is
 * wrong goes to `problems` (CONFIG-INVALID).
 */
export function hooksOfFiles(tree: ConfigNode, problems: Problem[]): ReadonlyMap<ConfigNode, readonly Hook[]> {
  const found = new Map<ConfigNode, readonly Hook[]>()
  const read = (node: ConfigNode, around: readonly Hook[], depth: number) => {
    const hooks = [...around, ...hooksAt(node, ['hooks'], node.file.config.hooks, depth, problems)]
    found.set(node, hooks)
    for (const child of node.children) read(child, hooks, depth + 1)
  }
  read(tree, [], 0)
  return found
}

/** The hooks that one service says itself; they stand inside those of all files. */
export function hooksOfService(node: ConfigNode, short: string, problems: Problem[]): Hook[] {
  return hooksAt(node, ['services', short, 'hooks'], node.file.config.services?.[short]?.hooks, Number.MAX_SAFE_INTEGER, problems)
}

function hooksAt(node: ConfigNode, path: readonly string[], config: HooksConfig | undefined, depth: number, problems: Problem[]): Hook[] {
  return hookMoments.flatMap((moment) =>
    (config?.[moment] ?? []).flatMap((entry, index) => hookOf(node, [...path, moment, index], moment, entry, depth, problems) ?? []),
  )
}

function hookOf(
  { file }: ConfigNode,
  path: readonly PropertyKey[],
  moment: HookMoment,
  entry: HookEntry,
  depth: number,
  problems: Problem[],
): Hook | undefined {
  const before = problems.length
  const refuse = (message: string, at: readonly PropertyKey[] = path, hint?: string) =>
    void problems.push({ code: 'CONFIG-INVALID', message: `${path.join('.')} ${message}`, hint, place: file.placeOf(at) })
  const { run, sql, timeout, on, required, name } = entry
  if ((run === undefined) === (sql === undefined)) refuse('needs either run (a command) or sql')
  const timeoutMs = timeout === undefined ? usualTimeoutMs : parseDuration(timeout)
  if (timeoutMs === undefined || timeoutMs === 0)
    refuse(`has a timeout that is no duration: ${timeout}`, [...path, 'timeout'], 'write 30s, 5m or 1h30m')
  for (const key of ['on', 'required'] as const)
    if (entry[key] !== undefined && moment.startsWith('before'))
      refuse(`cannot say ${key}: what comes before always runs, and its failure always stops`, [...path, key])
  const place = file.placeOf(path)
  const text = sql === undefined ? undefined : sqlOf(sql, file.folder)
  if (text !== undefined && 'file' in text && (!existsSync(text.file) || isFolder(text.file)))
    refuse(`names a file that is not there: ${sql}`, [...path, 'sql'], `paths are relative to the folder of ${file.label}`)
  if (problems.length > before) return undefined
  return {
    moment,
    name: name ?? placeText({ file: place.file, line: place.line }),
    place,
    ...(run === undefined ? {} : { run }),
    ...(text === undefined ? {} : { sql: text }),
    timeoutMs: timeoutMs as number,
    on: on ?? ['success', 'failure'],
    required: required ?? false,
    folder: file.folder,
    depth,
  }
}

/** One word that ends in .sql is a file. */
function sqlOf(sql: string, folder: string): Hook['sql'] {
  return /^[^\s;]+\.sql$/i.test(sql) ? { file: resolve(folder, sql) } : { text: sql }
}
