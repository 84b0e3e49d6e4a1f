import { isForNumbered } from './numbered/argv.ts'

// One executable, two grammars; only the one that is spoken is loaded.
await (isForNumbered(process.argv.slice(2)) ? import('./numbered/main.ts') : import('./golang-migrate/main.ts'))
