import type { Style } from '../style.ts'

interface EditView {
  edits: { service: string; database: string; added: string[]; removed: string[] }[]
  sql?: string[]
}

/** Force, mark, baseline and adopt for people: what is recorded now, or the SQL of a dry run. */
export function humanEdit(view: EditView, style: Style): string {
  if (view.edits.length === 0) return `${view.sql === undefined ? '' : '-- '}nothing to record: ledger and tables agree\n`
  if (view.sql !== undefined) return `${view.sql.join('\n')}\n`
  return view.edits
    .map((edit) => {
      const parts = [
        edit.added.length > 0 ? `recorded as applied: ${short(edit.added)}` : '',
        edit.removed.length > 0 ? `recorded as not applied: ${short(edit.removed)}` : '',
      ].filter(Boolean)
      return `${style.green('✓')} ${style.bold(edit.service)} ${parts.join('; ') || 'stands there already'} ${style.dim(edit.database)}\n`
    })
    .join('')
}

function short(versions: readonly string[]): string {
  return versions.length <= 6 ? versions.join(', ') : `${versions.slice(0, 3).join(', ')} … ${versions.at(-1)} (${versions.length})`
}
