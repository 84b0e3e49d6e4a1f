import type { Migration, Sending } from '../model/migration.ts'
import type { Step } from '../model/plan.ts'
import { runsAlone } from '../sql/autocommit.ts'
import type { FileFacts } from '../sql/facts.ts'

/**
 * How a step is executed:
 * - `chain`: may share a pipeline with its neighbours;
 * - `alone`: one transaction, but by itself (it touches the session, could not be parsed, is very large, or cannot run in a transaction although its tool would send it so);
 * - `wrapped`: one transaction of its own making; our rows go in before its COMMIT;
 * - `controlled`: several transactions of its own making; recorded before and after, not atomic;
 * - `code`: its tool's runtime executes it in a child process, on a connection of its own;
 * - `split`: some statement cannot run in a transaction, or each has one of its own; journalled, resumable.
 */
export type StepMode = 'chain' | 'alone' | 'wrapped' | 'controlled' | 'split' | 'code'

/** A step with its text and what the parser said of it. */
export interface PreparedStep {
  step: Step
  migration: Migration
  /** What is sent; '' where there is nothing to run. */
  text: string
  /** For messages; null when the text came from the ledger. */
  file: string | null
  /** SHA-256 of the raw bytes of what runs. */
  hash: string | null
  facts: FileFacts
  mode: StepMode
}

/** Bodies above this are sent by themselves: a pipeline should not hold megabytes in flight. */
const longestChained = 1_000_000

/** Decides the mode from how the tool sends files and from what is in this one. `serverVersion` is server_version_num. */
export function stepMode(sending: Sending, facts: FileFacts, text: string, serverVersion: number): StepMode {
  if (facts.shape === 'hollow') return 'chain'
  if (!facts.parsed) return 'alone'
  const lonely = facts.statements.filter((statement) => runsAlone(statement, serverVersion))
  // Both kinds in one file cannot be kept: `split` says so before anything runs. A tool that sends files whole has its own way of failing.
  if (facts.shape === 'controlled') return lonely.length > 0 && takesApart(sending) ? 'split' : 'controlled'
  if (lonely.length > 0 && canSplit(sending, facts)) return 'split'
  if (facts.shape === 'wrapped') return 'wrapped'
  if (sending === 'each' && facts.statements.length > 1) return 'split'
  if (facts.touchesSession || lonely.length > 0 || text.length > longestChained) return 'alone'
  return 'chain'
}

/**
 * golang-migrate and Diesel send a file as one message, so only a statement that is alone in its file escapes the implicit transaction
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT); with company it fails with 25001 for them,
 * and so it does for us. Diesel's default puts a transaction around even a single one.
 */
function canSplit(sending: Sending, facts: FileFacts): boolean {
  if (facts.shape === 'wrapped') return false
  if (takesApart(sending)) return true
  return sending === 'implicit' && facts.statements.length === 1
}

function takesApart(sending: Sending): boolean {
  return sending === 'split' || sending === 'each'
}
