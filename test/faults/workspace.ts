import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../server.ts'

export type Tool = 'golang-migrate' | 'numbered' | 'diesel' | 'stamped'

export interface GeneratedService {
  name: string
  tool: Tool
  /** A URL. */
  database: string
  steps: number
  /** Every so-manieth step creates an index concurrently on the table of the step before. 0: none does. */
  alone: number
  needs?: string[]
  /** What a certain step says before it makes its table. */
  special?: Record<number, string>
}

export interface GeneratedWorkspace {
  folder: string
  services: readonly GeneratedService[]
}

/** Writes a workspace into a new folder: each step makes a table with rows and a witness row, or an index concurrently. */
export function workspace(...services: GeneratedService[]): GeneratedWorkspace {
  const folder = temporaryFolder()
  const lines = services.map(
    ({ name, tool, database, needs = [] }) =>
      `  ${name}: { path: ${name}, tool: ${tool}, database: "${database}", table: ${tableOf({ name, tool })}, needs: [${needs.join(', ')}] }`,
  )
  write(join(folder, 'skein.yaml'), `services:\n${lines.join('\n')}\n`)
  for (const service of services) for (let step = 1; step <= service.steps; step++) writeStep(folder, service, step)
  return { folder, services }
}

/** The bookkeeping table of a service; golang-migrate and `stamped` would both call theirs schema_migrations. */
export function tableOf({ name, tool }: Pick<GeneratedService, 'name' | 'tool'>): string {
  return {
    'golang-migrate': `${name}_schema_migrations`,
    numbered: 'migration_records',
    diesel: `${name}_diesel`,
    stamped: 'schema_migrations',
  }[tool]
}

/** True for a step that creates an index concurrently. */
export function standsAlone(service: GeneratedService, step: number): boolean {
  return service.alone > 0 && step % service.alone === 0 && step > 1 && service.special?.[step] === undefined
}

/** Tools that send one message for each file need such a statement alone in it; the others take statements before and after. */
export function hasParts(service: GeneratedService, step: number): boolean {
  return standsAlone(service, step) && (service.tool === 'numbered' || service.tool === 'stamped')
}

export function indexOf(service: Pick<GeneratedService, 'name'>, step: number): string {
  return `${service.name}_${step}_v`
}

function writeStep(folder: string, service: GeneratedService, step: number): void {
  const { name, tool } = service
  const alone = standsAlone(service, step)
  const up = alone ? indexSql(service, step) : tableSql(service, step)
  const down = alone ? `drop index concurrently if exists ${indexOf(service, step)};\n` : `drop table if exists ${name}_${step};\n`
  const paths: Record<Tool, string> = {
    'golang-migrate': `${String(step).padStart(6, '0')}_step`,
    numbered: `${String(step).padStart(3, '0')}_step`,
    diesel: `${stampOf(step)}_step`,
    stamped: `${stampOf(step)}_0a1b2c3d_step`,
  }
  const base = join(folder, name, paths[tool])
  const separator = tool === 'diesel' ? '/' : '.'
  write(`${base}${separator}up.sql`, up)
  write(`${base}${separator}down.sql`, down)
  if (tool === 'diesel' && alone) write(`${base}/metadata.toml`, 'run_in_transaction = false\n')
}

function tableSql({ name, special }: GeneratedService, step: number): string {
  return `${special?.[step] === undefined ? '' : `${special[step]};\n`}create table ${name}_${step} (id integer primary key, v text not null);
insert into ${name}_${step} select n, 'v' || n from generate_series(1, 20) n;
insert into public.ran (service, step) values ('${name}', ${step});
`
}

function indexSql(service: GeneratedService, step: number): string {
  const { name } = service
  const create = `create index concurrently ${indexOf(service, step)} on ${name}_${step - 1} (v);\n`
  if (!hasParts(service, step)) return create
  const part = (number: number) => `insert into public.ran (service, step, part) values ('${name}', ${step}, ${number});\n`
  return `${part(1)}${create}${part(2)}`
}

/** Step 61 as 20240101000101: one minute and one second past midnight. */
function stampOf(step: number): string {
  return `2024010100${String(Math.floor(step / 60)).padStart(2, '0')}${String(step % 60).padStart(2, '0')}`
}

/** The number of the step that a tool's version stands for. */
export function stepOf(tool: Tool, version: string): number {
  if (tool === 'golang-migrate' || tool === 'numbered') return Number(version)
  return Number(version.slice(10, 12)) * 60 + Number(version.slice(12, 14))
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
