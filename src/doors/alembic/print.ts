/** A revision that failed: what Python prints behind its traceback. Exit code 1. */
export class Failed extends Error {}

/** What Alembic logs each time env.py runs, before any revision. */
export function isPreamble(line: string): boolean {
  return /\b(?:Context impl \w+\.|Will assume (?:non-)?transactional DDL\.)$/.test(line)
}
