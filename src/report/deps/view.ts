import type { Finding } from '../../model/finding.ts'

export interface NeedView {
  service: string
  version: string | null
  id: string | null
  because: string
}

export interface MigrationView {
  id: string
  version: string
  environment: string | null
  documented: boolean
  description: string | null
  dependsOn: string[] | null
  needs: NeedView[]
  affectsTables: string[]
  estimatedMs: number | null
  risk: string | null
  rollbackSafe: boolean | null
}

export interface ServiceView {
  name: string
  tool: string
  tier: string | null
  needs: NeedView[]
  files: { file: string; globalConfig?: unknown }[]
  migrations: MigrationView[]
}

/** What `deps` reports, as far as its pages show it. */
export interface DepsView {
  environment: string | null
  tiers: string[]
  services: ServiceView[]
  findings: Finding[]
}

/** One line without control characters, for terminals and pictures: files of other people are shown here. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()
}

/** Ids as people say them: the number alone where no other id of the service begins with it. */
export function shortIds(ids: readonly string[]): Map<string, string> {
  const number = (id: string) => /^\d+(?=_)/.exec(id)?.[0] ?? id
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(number(id), (counts.get(number(id)) ?? 0) + 1)
  return new Map(ids.map((id) => [id, counts.get(number(id)) === 1 ? number(id) : id]))
}

/** `auth`, or `auth 000003_roles` for a need of one migration. */
export function needText(need: NeedView): string {
  return oneLine(need.id === null ? need.service : `${need.service} ${need.id}`)
}

/** True for a need that somebody wrote down; false for one that only the tiers imply. */
export function isDeclared(need: NeedView): boolean {
  return need.because === 'needs' || need.because === 'dependencies.json'
}
