import { count } from '../duration.ts'
import type { Style } from '../style.ts'
import { oneLine } from './view.ts'

interface WrittenView {
  dryRun: boolean
  files: { service: string; file: string; created: boolean; added: { id: string; entry: Readonly<Record<string, unknown>> }[] }[]
  withoutFile: string[]
}

/** `deps --write` for people: each file with its new lines. */
export function textWritten(view: WrittenView, style: Style): string {
  const lines: string[] = []
  for (const { file, created, added } of view.files) {
    const verb = view.dryRun ? (created ? 'would be made' : 'would get') : created ? 'made' : 'got'
    lines.push(`${style.bold(file)} ${verb}${created ? ' with' : ''} ${added.length === 1 ? '1 entry' : `${added.length} entries`}`)
    for (const { id, entry } of added) {
      lines.push(style.green(`+ ${oneLine(id)}`))
      for (const [key, value] of Object.entries(entry)) lines.push(style.green(`+   ${key}: ${oneLine(shown(value))}`))
    }
  }
  if (view.files.length === 0) lines.push('nothing to add: every migration has its entry')
  if (view.withoutFile.length > 0) {
    lines.push(
      style.dim(`${count(view.withoutFile.length, 'service')} without dependencies.json left as they are: ${view.withoutFile.join(', ')}`),
      style.dim(`  skein deps --write ${view.withoutFile[0]} makes one`),
    )
  }
  return `${lines.join('\n')}\n`
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return String(value)
}
