import type { Graph } from './graph.ts'
import { isInDatabase } from './reconciled.ts'
import type { Move } from './walk.ts'

/** Whose pending migrations may be run, and how far. */
export interface Wish {
  /** How many new ones of this service; Infinity for all. */
  count: number
  /** The last position that may be run. */
  until: number
}

/**
 * What to do at each migration, by service and position (position 0 is the start). `wishes[s]` undefined: the service is not to be touched;
 * what is pending there stops whoever needs it. `back[s]`: everything from there on was taken back first and is run again as far as wished, uncounted.
 */
export function chooseUps(graph: Graph, wishes: readonly (Wish | undefined)[], back: readonly number[]): Move[][] {
  return graph.services.map(({ migrations, input }, service) => {
    const from = back[service] ?? Infinity
    const lastApplied = migrations.findLastIndex((row, index) => isInDatabase(row) && index + 1 < from) + 1
    const wish = wishes[service]
    let left = wish?.count ?? 0
    const moves: Move[] = ['pass']
    for (const [index, row] of migrations.entries()) {
      const position = index + 1
      moves.push(move())

      function move(): Move {
        const applied = isInDatabase(row)
        // Half taken back: nobody may stand on it.
        if (applied && row.state === 'partial' && position < from) return 'stop'
        if ((applied && position < from) || row.migration === undefined) return row.state === 'dirty' ? 'stop' : 'pass'
        if (row.state === 'dirty') return 'stop'
        if (applied) return wish !== undefined && position <= wish.until ? 'run' : 'stop'
        const early = input.keeps !== 'heads' && position < lastApplied && row.state !== 'partial'
        if (early && input.policies.outOfOrder === 'ignore') return 'pass'
        if (early && input.policies.outOfOrder === 'error') return 'stop'
        if (wish === undefined || position > wish.until || left <= 0) return 'stop'
        left--
        return 'run'
      }
    }
    moves.push('pass')
    return moves
  })
}

/** The positions of a service that are to be run. */
export function lastRun(moves: readonly Move[] | undefined): number {
  return moves?.lastIndexOf('run') ?? -1
}
