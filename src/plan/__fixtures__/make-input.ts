import type { LedgerEntry, PlanMigration, ServiceInput, ToolView } from '../input.ts'
import type { Need } from '../../model/service.ts'

export interface Sketch extends Partial<Omit<ServiceInput, 'needs' | 'migrations' | 'toolView' | 'ledger' | 'policies'>> {
  name: string
  /** `core`, `tenant@2`. */
  needs?: string[]
  /** Versions with files; `-2` has no down, `~2` an empty one, `!2` was changed. */
  files?: string[]
  /** Versions that the tool's table has; null: there is no table. */
  table?: string[] | null
  dirty?: string | null
  /** Versions that the ledger has, in the order of being applied; null: no ledger. Default: as the table. */
  ledger?: (string | Partial<LedgerEntry>)[] | null
  policies?: Partial<ServiceInput['policies']>
  /** Needs of single migrations. */
  edges?: Record<string, string[]>
  /** What each stands on, where that is a graph. */
  parents?: Record<string, string[]>
}

/** A service in a few words. Files `1`, `2` … in numeric order; latest-version tables imply what is below, like golang-migrate's. */
export function makeInput(sketch: Sketch): ServiceInput {
  const { name, needs, files = [], table = [], dirty, ledger, policies, edges, parents, ...rest } = sketch
  const keeps = rest.keeps ?? 'every-version'
  const compare = rest.compare ?? ((a: string, b: string) => Number(a) - Number(b))
  const changed = new Set(files.filter((file) => file.startsWith('!')).map((file) => file.slice(1)))
  const migrations = files.map((file): PlanMigration => {
    const version = file.replace(/^[-~!]/, '')
    const down = file.startsWith('-')
      ? null
      : { file: `${name}/${version}.down.sql`, hash: () => `${name} ${version} down`, hollow: () => file.startsWith('~') }
    const own = edges?.[version]
    return {
      version,
      name: `title_${version}`,
      id: `${version}_title`,
      up: { file: `${name}/${version}.up.sql`, hash: () => `${name} ${version}${changed.has(version) ? ' changed' : ''}` },
      down,
      ...(parents === undefined ? {} : { parents: parents[version] ?? [] }),
      ...(own === undefined ? {} : { needs: own.map(makeNeed) }),
    }
  })
  const known = new Set(migrations.map((migration) => migration.version))
  const rows = table ?? []
  const mark = rows.toSorted(compare).at(-1)
  const implied = keeps === 'latest-version' && mark !== undefined ? [...known].filter((version) => compare(version, mark) < 0) : []
  const toolView: ToolView = {
    exists: table !== null,
    applied: new Map([
      ...implied.map((version): [string, { assumed: boolean }] => [version, { assumed: true }]),
      ...rows.filter((version) => known.has(version)).map((version): [string, { assumed: boolean }] => [version, { assumed: false }]),
    ]),
    unknown: rows.filter((version) => !known.has(version)),
    ...(dirty === undefined ? {} : { dirty: { version: dirty } }),
  }
  return {
    tool: keeps === 'latest-version' ? 'golang-migrate' : 'stamped',
    history: `stamped:public.schema_migrations#${name}`,
    ...rest,
    name,
    needs: (needs ?? []).map(makeNeed),
    policies: { outOfOrder: 'error', changed: 'error', ahead: 'error', ...policies },
    migrations,
    compare,
    keeps,
    toolView,
    ledger: ledger === null ? null : (ledger ?? rows).map((entry, index) => makeEntry(name, entry, index + 1)),
    meaningChanged: rest.meaningChanged ?? ((version) => changed.has(version)),
  }
}

function makeEntry(service: string, given: string | Partial<LedgerEntry>, seq: number): LedgerEntry {
  const entry = typeof given === 'string' ? { version: given } : given
  const version = entry.version ?? ''
  return { version, name: `title_${version}`, seq, kind: 'executed', hash: `${service} ${version}`, appliedAt: '2026-01-01T00:00:00Z', hasDown: false, ...entry }
}

function makeNeed(text: string): Need {
  const [service = '', version] = text.split('@')
  return version === undefined ? { service, because: 'needs' } : { service, version, because: 'needs' }
}
