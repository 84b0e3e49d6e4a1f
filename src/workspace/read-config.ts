import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { core } from 'zod'
import { type Place, SkeinError } from '../model/errors.ts'
import { relativeLabel } from '../util/folder.ts'
import { didYouMean } from '../util/nearest.ts'
import { type Environment, interpolate } from './interpolate.ts'
import type { Problem } from './problems.ts'
import { type Config, keysAt, workspaceSchema } from './schema.ts'
import { readYaml, type YamlText } from './yaml-text.ts'

/** A workspace file that was read and checked by itself. */
export interface ConfigFile {
  path: string
  /** Absolute; what its relative paths stand on. */
  folder: string
  /** Relative to the workspace, for messages. */
  label: string
  config: Config
  placeOf: (path: readonly PropertyKey[], what?: 'key' | 'value') => Place
}

/**
 * Reads one workspace file: YAML, variables (in every text but `database`, whose variables may belong to a service that nobody asked for, and hooks,
 * whose `$` is the shell's or the server's),
 * keys and types. What is wrong goes to `problems` (CONFIG-INVALID, CONFIG-UNKNOWN-KEY, VARIABLE-UNSET); then the result is undefined.
 * Throws SOURCE-UNREADABLE when the file cannot be read.
 */
export async function readConfig(path: string, root: string, env: Environment, problems: Problem[]): Promise<ConfigFile | undefined> {
  const label = relativeLabel(path, root)
  const yaml = await readYaml(readBytes(path, label), label)
  problems.push(...yaml.problems)
  if (yaml.problems.length > 0) return undefined
  const unfilled: Problem[] = []
  const value = filled(yaml.value ?? {}, [], env, yaml, unfilled)
  problems.push(...unfilled)
  const schema = await workspaceSchema()
  const parsed = schema.safeParse(value)
  for (const issue of parsed.error?.issues ?? []) problems.push(...(await issueProblems(issue, value, yaml)))
  if (!parsed.success || unfilled.length > 0) return undefined
  return { path, folder: dirname(path), label, config: parsed.data, placeOf: yaml.placeOf }
}

function readBytes(path: string, label: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const why =
      code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'permission denied' : code === 'ENOENT' ? 'it does not exist' : code
    throw new SkeinError('SOURCE-UNREADABLE', {
      message: `${label} cannot be read: ${why}`,
      hint: 'check the path and its permissions',
      place: { file: label },
      cause,
    })
  }
}

/** `value` with the variables of its texts filled in. A text that cannot be stays as it is. */
function filled(value: unknown, path: readonly PropertyKey[], env: Environment, yaml: YamlText, problems: Problem[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => filled(item, [...path, index], env, yaml, problems))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, [...path, key], env, yaml, problems)]))
  if (typeof value !== 'string' || isDatabase(path) || isHook(path)) return value
  const result = interpolate(value, env)
  if (!('problem' in result)) return result.text
  problems.push(variableProblem(result, path.join('.'), yaml.placeOf(path)))
  return value
}

/** VARIABLE-UNSET, or CONFIG-INVALID for a `${` that is written wrongly: names variable and key, never a value. */
export function variableProblem(
  result: { problem: 'unset'; variable: string } | { problem: 'malformed'; message: string },
  key: string,
  place: Place,
): Problem {
  if (result.problem === 'malformed') return { code: 'CONFIG-INVALID', message: `${key}: ${result.message}`, place }
  const name = result.variable
  return {
    code: 'VARIABLE-UNSET',
    message: `${key} needs the variable ${name}, which is not set`,
    hint: `set ${name}, or give it a default: \${${name}:-…}`,
    place,
  }
}

function isDatabase(path: readonly PropertyKey[]): boolean {
  return path.at(-1) === 'database' && (path.length === 1 || (path.length === 3 && path[0] === 'services'))
}

function isHook(path: readonly PropertyKey[]): boolean {
  return path[0] === 'hooks' || (path[0] === 'services' && path[2] === 'hooks')
}

async function issueProblems(issue: core.$ZodIssue, value: unknown, yaml: YamlText): Promise<Problem[]> {
  const key = issue.path.length === 0 ? 'the file' : issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    const known = (await keysAt(issue.path)) ?? []
    return issue.keys.map((name) => {
      const guess = didYouMean(name, known)
      return {
        code: 'CONFIG-UNKNOWN-KEY',
        message: `unknown key ${[...issue.path, name].join('.')}${guess}`,
        hint: guess === '' ? `known here: ${known.join(', ')}` : 'correct it or take it out',
        place: yaml.placeOf([...issue.path, name], 'key'),
      }
    })
  }
  const place = yaml.placeOf(issue.path)
  if (issue.code === 'invalid_value') {
    const given = issue.path.reduce<unknown>(
      (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
      value,
    )
    const options = issue.values.map(String)
    const guess = typeof given === 'string' ? didYouMean(given, options) : ''
    return [{ code: 'CONFIG-INVALID', message: `${key} must be one of ${options.join(', ')}${guess}`, place }]
  }
  // A union says only that no member fits, unless exactly one got further than the type.
  const deeper =
    issue.code === 'invalid_union' ? issue.errors.flat().filter((inner) => inner.path.length > 0 || inner.code === 'too_small') : []
  if (deeper.length > 0) {
    const problems = await Promise.all(
      deeper.map((inner) => issueProblems({ ...inner, path: [...issue.path, ...inner.path] }, value, yaml)),
    )
    return problems.flat()
  }
  return [{ code: 'CONFIG-INVALID', message: `${key} ${words(issue)}`, place }]
}

function words(issue: core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${typeWords[issue.expected] ?? issue.expected}`
  if (issue.code === 'too_big' && issue.origin === 'int') return 'is too large for a YAML number; put it in quotes'
  if (issue.code === 'too_small' && issue.origin === 'int') return 'is too small for a YAML number; put it in quotes'
  return issue.message
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
  boolean: 'true or false',
  int: 'a whole number',
}
