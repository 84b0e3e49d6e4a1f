import type { Finding } from '../../model/finding.ts'
import type { Migration, SqlFile } from '../../model/migration.ts'
import type { Entry } from '../../util/folder.ts'
import { codeFile } from '../../util/folder.ts'
import { typeormTimestamp } from '../../util/typeorm-name.ts'
import { ignoredNote } from '../read-files.ts'
import { type Remark, finding } from '../rules.ts'
import { type ClassFacts, classFacts } from './class-facts.ts'
import { type Exported, exportedClasses } from './exported-classes.ts'
import { exportsOf } from './exports-of.ts'
import { titleOf } from './name.ts'
import { parseModule, placeOf } from './parse-module.ts'
import { computedName, exportedTwice, noMigration, otherTime, syntaxError, wrongName } from './remarks.ts'
import { scopeOf } from './scope.ts'

/** The migrations in one file, and what there is to say of it. */
export interface ModuleReading {
  migrations: Migration[]
  findings: Finding[]
  /** What only running the file tells: `name in src/migrations/x.ts`. */
  unread: string[]
}

/** Reads a module without running it. Throws SOURCE-UNREADABLE. */
export function readModule(file: SqlFile, entry: Entry): ModuleReading {
  const label = file.file
  const text = file.text()
  const parsed = parseModule(text, label)
  if ('why' in parsed) {
    return { migrations: [], findings: [{ ...finding(syntaxError(label, parsed.why)), place: parsed.place }], unread: [] }
  }
  const scope = scopeOf(parsed.statements)
  const exports = exportsOf(parsed.statements, scope)
  const reading: ModuleReading = { migrations: [], findings: [], unread: [] }
  const seen = new Map<Exported['node'], Exported>()
  for (const exported of exportedClasses(exports, scope)) {
    const say = (remark: Remark, version?: string) => {
      const at = exported.node.loc?.start
      const place = at ? placeOf(text, at, label) : { file: label }
      reading.findings.push({ ...finding(remark, label, version), place })
    }
    const first = seen.get(exported.node)
    seen.set(exported.node, first ?? exported)
    const facts = factsOf(exported, scope)
    if (facts === undefined) {
      if (exported.kind === 'function') say(noMigration(label, `the function ${exported.as}`, 'is no class'))
    } else if (first !== undefined) {
      say(exportedTwice(label, facts.name, first.as, exported.as), facts.name)
    } else if (facts.up === undefined && !facts.inherits) {
      say(noMigration(label, `the class ${facts.name || exported.as}`, 'has no method up'))
    } else if (typeormTimestamp(facts.name) === undefined && !facts.nameComputed) {
      say(wrongName(facts.name || exported.as))
    } else {
      if (facts.nameComputed) {
        say(computedName(label, facts.name), facts.name)
        reading.unread.push(`name in ${label}`)
      }
      reading.migrations.push(migrationOf(file, facts))
    }
  }
  return { ...reading, findings: [...reading.findings, ...wholeFile(reading, exports.handedOn, entry, label)] }
}

/** What is known of something exported; undefined for what is no class. A value that is made by a call counts when its name has a timestamp. */
function factsOf(exported: Exported, scope: Parameters<typeof classFacts>[2]): ClassFacts | undefined {
  if (exported.kind === 'class') return classFacts(exported.node, exported.name, scope)
  const made = exported.kind === 'unknown' && /[0-9]{13}$/.test(exported.as)
  return made ? { name: exported.as, nameComputed: true, transaction: undefined, inherits: true } : undefined
}

function migrationOf(file: SqlFile, { name, nameComputed, up, down, transaction, inherits }: ClassFacts): Migration {
  const declared = typeof transaction === 'boolean' ? transaction : undefined
  const opaque = nameComputed || typeof transaction === 'symbol'
  const code = { opaque, transaction: declared }
  return {
    version: name,
    name: titleOf(name),
    id: name,
    up: codeFile(file, { ...code, opaque: opaque || up === undefined, hollow: up?.hollow }),
    down: down === undefined && !inherits ? null : codeFile(file, { ...code, opaque: opaque || down === undefined, hollow: down?.hollow }),
    sending: 'always',
  }
}

function wholeFile({ migrations, findings }: ModuleReading, handedOn: readonly string[], entry: Entry, label: string): Finding[] {
  const [first] = migrations
  if (first === undefined) {
    if (findings.length > 0) return []
    const why = handedOn.length > 0 ? 'it only hands on what other files export' : 'it exports no class'
    return [ignoredNote('TypeORM', entry, label, why)]
  }
  const [, prefix] = /^([0-9]{10,})[-_.]/.exec(entry.name) ?? []
  const timestamp = typeormTimestamp(first.version)
  if (prefix === undefined || timestamp === undefined || migrations.some(({ version }) => version.endsWith(prefix))) return []
  return [finding(otherTime(label, first.version, prefix, timestamp), label, first.version)]
}
