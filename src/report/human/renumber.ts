import type { Style } from '../style.ts'

interface RenumberView {
  dryRun: boolean
  renumbered: { service: string; from: string; to: string; kept: string; because: string; files: { from: string; to: string }[] }[]
  changed: string[]
  notes: string[]
}

/** `new --renumber` for people: who kept the number and why, each file with its new name. */
export function humanRenumber(view: RenumberView, style: Style): string {
  const lines = view.renumbered.flatMap(({ service, from, to, kept, because, files }) => [
    `${style.bold(service)} ${from} → ${style.green(to)}; ${kept} keeps its number: ${because}`,
    ...files.map((file) => `  ${file.from} → ${file.to}`),
  ])
  const changed = view.changed.map((file) => `  ${view.dryRun ? 'would change' : 'changed'} ${file}`)
  const end = view.renumbered.length === 0 ? ['no two migrations share a number'] : view.dryRun ? ['nothing was changed: --dry-run'] : []
  return `${[...lines, ...changed, ...view.notes, ...end].join('\n')}\n`
}
