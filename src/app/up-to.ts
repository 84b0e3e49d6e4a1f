import { graphOf, withAncestors } from '../histories/heads.ts'
import type { Looked } from './look.ts'

/** The versions that are applied where a service stands at `target`: all up to it in the tool's order; in a graph of revisions it and what it stands on. */
export function upTo({ history, loaded }: Pick<Looked, 'history' | 'loaded'>, target: string): string[] {
  const { source, migrations } = loaded
  const versions = migrations.map((migration) => migration.version)
  if (history.keeps !== 'heads') return versions.filter((version) => source.compare(version, target) <= 0)
  const below = withAncestors(graphOf(migrations), [target])
  return versions.filter((version) => below.has(version))
}
