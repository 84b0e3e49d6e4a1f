/**
 * The architecture, once. Each folder of src/ may import from the folders named here and from nowhere else in src/.
 * `.dependency-cruiser.mjs` checks it, `docs/architecture.md` prints it.
 */
const words = ['model', 'util']

export const mayImport = {
  model: [],
  util: ['model'],
  // leaves: know one thing each
  sources: words,
  plan: words,
  sql: words,
  postgres: words,
  report: words,
  // machines: made of leaves
  workspace: [...words, 'sources', 'histories'],
  histories: [...words, 'postgres'],
  ledger: [...words, 'postgres'],
  schema: [...words, 'postgres'],
  scratch: [...words, 'postgres', 'sql'],
  runtimes: words,
  execute: [...words, 'histories', 'ledger', 'sql', 'postgres', 'runtimes'],
  data: [...words, 'postgres', 'schema', 'ledger'],
  // composition: the only place that puts the parts together
  app: [
    ...words,
    'workspace',
    'sources',
    'histories',
    'ledger',
    'plan',
    'sql',
    'postgres',
    'execute',
    'runtimes',
    'schema',
    'scratch',
    'data',
  ],
  // faces
  library: [...words, 'app'],
  // doors/index.ts alone, for `skein as` (docs/decisions/0008-cli-opens-doors.md)
  cli: [...words, 'app', 'report', 'doors'],
  doors: [...words, 'app', 'report'],
}

/** What each folder is for: one line, printed beside the arrows. */
export const purpose = {
  model: 'the words of the domain as types, and the table of error codes; pure data',
  util: 'what three folders or more use: folders, hashes, durations, Go flags',
  sources: 'how each tool keeps migrations on disk: files in, migrations out; never opens a database',
  plan: 'which steps, in which order and why; reconciliation; policies. Pure: no input, no output',
  sql: 'what a file says: statements, transaction control, what cannot run in a transaction',
  postgres: 'connections with libpq semantics, pipelines, advisory locks, blockers, SQLSTATE',
  report: 'results in, text out; one file per format',
  workspace: 'find and check skein.yaml, detect services, pair each tool with its source and history',
  histories: "each tool's own bookkeeping table, read and written; never opens a file",
  ledger: "Skein's own record in each database: schema skein",
  schema: 'a catalogue as rows, a fingerprint of it, the difference of two',
  scratch: 'the embedded server and throw-away databases',
  runtimes: 'migrations in code, run in child processes with their own dependencies',
  execute: 'run a plan: locks, pipeline, autocommit statements, timeouts, retries, resume',
  data: 'the rows: seeds in, everything out; backup and restore',
  app: 'the use-cases, one verb per file; returns data, prints nothing',
  library: 'the verbs as functions for programs; index.ts exports them name by name',
  cli: 'words in, app, report, words out, exit code',
  doors: "other tools' command lines, one folder per tool",
}
