import type { Migration } from '../model/migration.ts'
import { compareBytes } from './compare-bytes.ts'

/** The order of versions that a list of migrations has, where versions do not say it themselves; one that is not in it comes behind, by its bytes. */
export function byPosition(migrations: readonly Migration[]): (a: string, b: string) => number {
  const positions = new Map(migrations.map(({ version }, at) => [version, at]))
  return (a, b) => {
    const [first, second] = [positions.get(a) ?? Infinity, positions.get(b) ?? Infinity]
    return first === second ? compareBytes(a, b) : first - second
  }
}
