import type { PlanMigration, ServiceInput } from './input.ts'

/** Versions in the tool's order; those without a file among those with one. */
export function mergeOrphans(
  input: Pick<ServiceInput, 'migrations' | 'compare' | 'keeps'>,
  orphans: readonly string[],
): { version: string; migration?: PlanMigration }[] {
  const files = input.migrations.map((migration) => ({ version: migration.version, migration }))
  // A graph of revisions has no order of versions: what nobody knows stands at the end.
  if (input.keeps === 'heads') return [...files, ...orphans.map((version) => ({ version }))]
  const rest = orphans.toSorted((a, b) => input.compare(a, b))
  const merged: { version: string; migration?: PlanMigration }[] = []
  let next = 0
  for (const file of files) {
    for (let orphan = rest[next]; orphan !== undefined && input.compare(orphan, file.version) < 0; orphan = rest[++next])
      merged.push({ version: orphan })
    merged.push(file)
  }
  return [...merged, ...rest.slice(next).map((version) => ({ version }))]
}
