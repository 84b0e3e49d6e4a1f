import type { HistoryChange } from '../histories/history.ts'
import { executedRow, undoneRow } from '../ledger/write.ts'
import type { Direction } from '../model/migration.ts'
import { literal } from '../postgres/quote.ts'
import { keptDown } from './kept-down.ts'
import type { RunOptions } from './options.ts'
import type { PreparedStep } from './prepare-step.ts'
import type { OpenService } from './service-run.ts'

/**
 * The rows of a chain's steps as statements that the server parses and plans once: half of what they cost. They live for one chain, whose files
 * do not touch the session; nothing outside of it relies on them.
 */
export interface PreparedRows {
  /** Statements before the chain, and after it. */
  begin: string
  end: string
  /** The tool's row of a step; undefined for a change of another form than the prepared one. */
  tool(change: HistoryChange): string | undefined
  /** The ledger's row of a step; undefined for a step of the other direction. */
  ledger(prepared: PreparedStep): string | undefined
}

/** Makes them for steps of one direction. Pure. */
export function prepareRows(service: OpenService, direction: Direction, options: Pick<RunOptions, 'run'>): PreparedRows {
  const tool = service.history.prepared?.(service.table)
  const ledger = (direction === 'up' ? executedRow : undoneRow)(service.ledgerSchema, service.ledgerId, options.run)
  return {
    begin: `${tool === undefined ? '' : `prepare skein_tool (${tool.types.join(', ')}) as ${tool.text};`}prepare skein_ledger (${ledger.types.join(', ')}) as ${ledger.text}`,
    end: `${tool === undefined ? '' : 'deallocate skein_tool;'}deallocate skein_ledger`,
    tool: (change) => {
      const values = tool?.values(change)
      return values === undefined ? undefined : `execute skein_tool(${values.map(literal).join(', ')});`
    },
    ledger: ({ step, migration, hash }) => {
      if (step.direction !== direction) return undefined
      const down = keptDown(migration)?.sha256() ?? null
      const row = [migration.version, migration.id, hash, down, migration.environment ?? null]
      return `execute skein_ledger(${row.slice(0, ledger.types.length).map(literal).join(', ')});`
    },
  }
}
