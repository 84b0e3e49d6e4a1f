import { SkeinError } from '../../model/errors.ts'
import type { Ports } from '../../model/ports.ts'
import type { NewRevision } from '../../runtimes/runtime.ts'
import type { Loaded, LoadedService } from '../load.ts'
import { runtimeSpec } from '../runtime-spec.ts'
import { bodyOf, type Occasion } from './templates.ts'

/** Where a revision of Alembic goes. */
export interface RevisionWish {
  /** The revision that it stands on. */
  head?: string
  /** It joins all heads. */
  merge?: boolean
}

/**
 * A revision as the service's own Alembic makes it, with its script.py.mako, its id and its file template; nothing is written yet. Throws USAGE for
 * several heads of which none was named, RUNTIME-MISSING with what to install.
 */
export async function draftRevision(
  { workspace }: Loaded,
  { service }: LoadedService,
  occasion: Occasion,
  { head, merge }: RevisionWish,
  ports: Ports,
): Promise<{ version: string; id: string; files: { path: string; text: string }[] }> {
  const { startRuntime } = await import('../../runtimes/index.ts')
  const runtime = await startRuntime(service.tool, { ...runtimeSpec(service, workspace.root, ports, undefined), onOutput: () => {} })
  try {
    if (runtime.draft === undefined)
      throw new SkeinError('USAGE', { message: `${service.name}: files of ${service.tool} are not made here`, service: service.name })
    const content = bodyOf(occasion, { concurrently: true, label: '', id: '', version: '' })
    const body = 'whole' in content ? { up: content.whole, down: '', alone: false } : content
    const wanted: NewRevision = {
      message: occasion.description,
      upgrades: pythonOf(body.up, body.alone),
      downgrades: pythonOf(body.down, body.alone),
      ...(head === undefined ? {} : { head }),
      ...(merge === true ? { merge } : {}),
    }
    const answer = await runtime.draft(wanted)
    if ('heads' in answer) throw severalHeads(service.name, answer.heads, merge === true)
    return { version: answer.revision, id: answer.revision, files: [{ path: answer.path, text: answer.text }] }
  } finally {
    await runtime.end()
  }
}

function severalHeads(name: string, heads: readonly string[], merge: boolean): SkeinError {
  if (merge)
    return new SkeinError('USAGE', {
      message: `${name} has one head${heads[0] === undefined ? ' at most' : `, ${heads[0]}`}: there is nothing to join`,
      hint: `skein new ${name} NAME`,
      service: name,
    })
  return new SkeinError('USAGE', {
    message: `${name} has ${heads.length} heads: ${heads.join(', ')}; a new revision stands on one of them, or joins them`,
    hint: `skein new ${name} NAME --head ${heads[0]}, or: skein new ${name} NAME --merge`,
    service: name,
    data: { heads },
  })
}

/** SQL as the body of a function: four blanks are the indent of script.py.mako. Empty where there is nothing but comments. */
function pythonOf(sql: string, alone: boolean): string {
  if (sql.split('\n').every((line) => /^\s*(?:--.*)?$/.test(line))) return ''
  // op.execute() takes a colon before a word for a parameter.
  const text = sql
    .trim()
    .replaceAll('\\', '\\\\')
    .replaceAll('"""', '\\"\\"\\"')
    .replace(/(?<![:\w\\]):(?=\w)/g, '\\\\:')
  const indent = alone ? '        ' : '    '
  const call = text.includes('\n') ? `op.execute("""\n${text}\n${indent}""")` : `op.execute("""${text}""")`
  return alone ? `with op.get_context().autocommit_block():\n${indent}${call}` : call
}
