import { count } from '../duration.ts'
import type { Style } from '../style.ts'

/** What `seed` reports, as far as this page shows it. */
export interface SeedView {
  dryRun: boolean
  services: {
    service: string
    database: string
    environment: string | null
    files: { file: string; skipped: boolean; tables: { table: string; rows: number }[] }[]
  }[]
}

/** Each service with its files: what ran, or would, and what was left out. */
export function humanSeed(view: SeedView, style: Style): string {
  const none = view.services.every(({ files }) => files.length === 0)
  const next = none
    ? `${style.bold('next:')} put files into seeds/ beside the migrations, or say in skein.yaml where they are: seeds: FOLDER\n`
    : ''
  return `${view.services.map((one) => service(one, view.dryRun, style)).join('')}${next}`
}

function service({ service: name, database, environment, files }: SeedView['services'][number], dryRun: boolean, style: Style): string {
  const ran = files.filter((one) => !one.skipped).length
  const done =
    files.length === 0 ? 'has no seeds' : ran === 0 ? 'nothing new to seed' : `${count(ran, 'file')} ${dryRun ? 'to seed' : 'seeded'}`
  const lines = files.map(({ file, skipped, tables }) => {
    const what = tables.map(({ table, rows }) => `${table} ${count(rows, 'row')}`).join(', ') || 'SQL'
    return skipped ? style.dim(`  unchanged ${file}`) : `  ${file}  ${style.dim(what)}`
  })
  const where = `${database}${environment === null ? '' : ` ${environment}`}`
  return `${[`${dryRun ? '·' : style.green('✓')} ${style.bold(name)} ${done} ${style.dim(where)}`, ...lines].join('\n')}\n`
}
