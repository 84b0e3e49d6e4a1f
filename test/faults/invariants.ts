import type pg from 'pg'
import { withClient } from './kit.ts'
import { type GeneratedService, type GeneratedWorkspace, hasParts, indexOf, standsAlone, stepOf, tableOf } from './workspace.ts'

/** What each of those who ought to agree says of one service. */
interface Testimony {
  witness: Map<number, Map<number, number>>
  objects: Set<string>
  ledger: number[]
  journal: { step: number; done: number; inDoubt: boolean }[]
  tool: { steps: number[]; dirty?: number; latest?: number | null } | undefined
}

/**
 * Looks at all databases of a workspace, each in one snapshot, and returns what is wrong, in words; empty when nothing is. True at every moment,
 * also while a run is at work: no step twice; witness rows, objects, tool's table and ledger say the same of each step, except of one that
 * stands alone and is announced in the journal. `whole`: everything has run, nothing is announced, no index is INVALID.
 */
export async function wrongs(workspace: GeneratedWorkspace, whole = false): Promise<string[]> {
  const found: string[] = []
  for (const url of new Set(workspace.services.map((service) => service.database))) {
    const services = workspace.services.filter((service) => service.database === url)
    await withClient(url, async (client) => {
      await client.query('begin transaction isolation level repeatable read read only')
      for (const service of services) {
        const testimony = await hear(client, service)
        found.push(...contradictions(service, testimony), ...(whole ? missing(service, testimony) : []))
      }
      if (whole) found.push(...(await leftovers(client)))
    })
  }
  return found
}

/** How many steps the ledgers of a workspace have as applied. */
export async function appliedSteps(workspace: GeneratedWorkspace): Promise<number> {
  let applied = 0
  for (const url of new Set(workspace.services.map((service) => service.database))) {
    await withClient(url, async (client) => {
      if (!(await exists(client, 'skein.applied'))) return
      const { rows } = await client.query('select count(*)::integer as n from skein.applied where undone_at is null')
      applied += rows[0].n
    })
  }
  return applied
}

async function hear(client: pg.Client, service: GeneratedService): Promise<Testimony> {
  const { name, tool } = service
  const witness = new Map<number, Map<number, number>>()
  const ran = await client.query('select step, part, count(*)::integer as times from public.ran where service = $1 group by step, part', [
    name,
  ])
  for (const { step, part, times } of ran.rows) witness.set(step, (witness.get(step) ?? new Map()).set(part, times))
  const objects = await client.query(
    `select c.relname as name from pg_class c left join pg_index i on i.indexrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i') and coalesce(i.indisvalid, true)`,
  )
  const hasLedger = await exists(client, 'skein.journal')
  const applied = hasLedger
    ? await client.query(
        'select a.version from skein.applied a join skein.history h on h.id = a.history where h.service = $1 and a.undone_at is null',
        [name],
      )
    : { rows: [] }
  const journal = hasLedger
    ? await client.query(
        'select j.version, j.done, j.in_doubt from skein.journal j join skein.history h on h.id = j.history where h.service = $1',
        [name],
      )
    : { rows: [] }
  return {
    witness,
    objects: new Set(objects.rows.map((row) => row.name)),
    ledger: applied.rows.map((row) => stepOf(tool, row.version)),
    journal: journal.rows.map((row) => ({ step: stepOf(tool, row.version), done: row.done, inDoubt: row.in_doubt !== null })),
    tool: (await exists(client, `public.${tableOf(service)}`)) ? await hearTool(client, service) : undefined,
  }
}

async function hearTool(client: pg.Client, service: GeneratedService): Promise<Testimony['tool']> {
  const table = tableOf(service)
  const { name, tool } = service
  if (tool === 'golang-migrate') {
    const { rows } = await client.query(`select version::integer, dirty from public.${table}`)
    if (rows.length > 1) throw new Error(`${table} has ${rows.length} rows`)
    const version = rows[0]?.version ?? 0
    return rows[0]?.dirty === true ? { steps: upTo(version - 1), dirty: version } : { steps: upTo(version) }
  }
  if (tool === 'numbered') {
    const { rows } = await client.query(`select version from public.${table} where service = $1`, [name])
    const latest = await client.query('select version from public.schema_versions where service = $1', [name])
    return { steps: rows.map((row) => row.version), latest: latest.rows[0]?.version ?? null }
  }
  const ofService = tool === 'stamped' ? ` where service = '${name}'` : ''
  const { rows } = await client.query(`select version from public.${table}${ofService}`)
  return { steps: rows.map((row) => stepOf(tool, row.version)) }
}

function contradictions(service: GeneratedService, heard: Testimony): string[] {
  const { name } = service
  const { witness, ledger, journal, tool, objects } = heard
  const wrong: string[] = []
  for (const [step, parts] of witness)
    for (const [part, times] of parts) if (times !== 1) wrong.push(`${name} ${step} part ${part} ran ${times} times`)
  if (new Set(ledger).size !== ledger.length) wrong.push(`${name}: the ledger has a step twice: ${ledger.join(', ')}`)
  if (journal.length > 1) wrong.push(`${name}: ${journal.length} steps are announced at once`)
  const done = new Set(ledger)
  const toolSteps = tool?.steps ?? []
  if (sorted(toolSteps) !== sorted(ledger)) wrong.push(`${name}: the tool's table says ${sorted(toolSteps)}, the ledger ${sorted(ledger)}`)
  if (tool?.dirty !== undefined && journal[0]?.step !== tool.dirty) wrong.push(`${name}: dirty at ${tool.dirty}, and no journal says why`)
  if (tool?.latest !== undefined && (tool.latest ?? 0) !== Math.max(0, ...ledger))
    wrong.push(`${name}: schema_versions says ${tool.latest}`)
  if (sorted(ledger) !== sorted(upTo(ledger.length))) wrong.push(`${name}: steps are missing between: ${sorted(ledger)}`)
  for (let step = 1; step <= service.steps; step++) {
    const announced = journal.find((one) => one.step === step)
    const parts = [...(witness.get(step)?.keys() ?? [])].sort((a, b) => a - b)
    const wanted = hasParts(service, step) ? [1, 2] : standsAlone(service, step) ? [] : [0]
    if (done.has(step)) {
      if (sorted(parts) !== sorted(wanted)) wrong.push(`${name} ${step} is recorded, and ran only in part: ${parts.join(', ')}`)
      if (announced !== undefined) wrong.push(`${name} ${step} is recorded and announced`)
      if (standsAlone(service, step) && !objects.has(indexOf(service, step))) wrong.push(`${name} ${step} is recorded without its index`)
      if (!standsAlone(service, step) && !objects.has(`${name}_${step}`)) wrong.push(`${name} ${step} is recorded without its table`)
    } else if (announced === undefined) {
      if (parts.length > 0) wrong.push(`${name} ${step} ran, and nobody recorded it`)
      if (objects.has(`${name}_${step}`)) wrong.push(`${name} ${step} made its table, and nobody recorded it`)
    } else if (hasParts(service, step) && parts.length !== (announced.done >= 1 ? 1 : 0)) {
      wrong.push(`${name} ${step}: the journal says ${announced.done} statements, the witness ${parts.join(', ') || 'none'}`)
    }
  }
  return wrong
}

function missing(service: GeneratedService, { ledger, journal }: Testimony): string[] {
  return [
    ...(ledger.length === service.steps ? [] : [`${service.name}: ${ledger.length} of ${service.steps} steps`]),
    ...journal.map(({ step }) => `${service.name} ${step} is still announced`),
  ]
}

async function leftovers(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(
    'select indexrelid::regclass::text as name from pg_index where not (indisvalid and indisready and indislive)',
  )
  return rows.map(({ name }) => `the index ${name} is INVALID`)
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select to_regclass($1) is not null as there', [name])
  return rows[0].there
}

function upTo(count: number): number[] {
  return Array.from({ length: Math.max(0, count) }, (_, at) => at + 1)
}

function sorted(steps: readonly number[]): string {
  return [...steps].sort((a, b) => a - b).join(' ')
}
