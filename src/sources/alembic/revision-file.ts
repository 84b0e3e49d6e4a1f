import type { Finding } from '../../model/finding.ts'
import type { SqlFile } from '../../model/migration.ts'
import { finding, type Remark } from '../rules.ts'
import { longest } from './limits.ts'
import { isRevisionId, titleOf } from './name.ts'
import { positionOf } from './python.ts'
import { type Binding, type PythonModule, readModule } from './read-module.ts'
import { decodePython } from './decode.ts'

/** One revision file as read without running it. */
export interface RevisionFile {
  /** Its id; the file's name where `unread` has `revision`. */
  revision: string
  title: string
  file: SqlFile
  downs: readonly string[]
  /** As written: ids and branch labels. */
  dependsOn: readonly string[]
  labels: readonly string[]
  up: 'missing' | 'hollow' | 'there'
  down: 'missing' | 'hollow' | 'there'
  /** Names whose value is computed: the runtime is asked. */
  unread: readonly string[]
}

/** What came of one file. Without a revision the findings say why. */
export interface RevisionReading {
  revision?: RevisionFile
  findings: Finding[]
  /** `down_revision in versions/a.py`. */
  unread: string[]
}

/** Reads one file of a versions folder. Throws SOURCE-UNREADABLE. */
export function readRevision(file: SqlFile, fileName: string): RevisionReading {
  const decoded = decodePython(file)
  if ('remark' in decoded) return { findings: [finding(decoded.remark, file.file)], unread: [] }
  const { text } = decoded
  const module = readModule(text)
  const findings = syntaxFindings(module, text, file.file)
  const values = {
    revision: textsIn(module, 'revision'),
    down_revision: textsIn(module, 'down_revision'),
    branch_labels: textsIn(module, 'branch_labels'),
    depends_on: textsIn(module, 'depends_on'),
  }
  const unread = Object.entries(values).flatMap(([name, value]) => (value === 'computed' ? [name] : []))
  if (module.brokenAt !== undefined && unread.length === 0) unread.push('syntax')
  const told = unread.map((name) => `${name} in ${file.file}`)
  const revision = idOf(values.revision, fileName)
  const isComputed = values.revision === 'computed'
  if (isComputed) findings.push(computedId(file.file))
  const refused =
    (isComputed ? undefined : idRemark(revision, file, text)) ?? (values.down_revision === 'absent' ? noDownRevision(file.file) : undefined)
  if (revision === undefined || refused !== undefined) {
    return { findings: [...findings, ...(refused === undefined ? [] : [finding(refused, file.file, revision)])], unread: [] }
  }
  if (!isBound(module, 'upgrade')) findings.push(finding(noUpgrade(file.file), file.file, revision))
  const list = (name: 'down_revision' | 'branch_labels' | 'depends_on') => (Array.isArray(values[name]) ? values[name] : [])
  return {
    findings,
    unread: told,
    revision: {
      revision,
      title: titleOf(module.docstring, fileName, revision),
      file,
      downs: list('down_revision'),
      // Alembic asks whether there is anything in it.
      dependsOn: list('depends_on').filter((name) => name !== ''),
      labels: list('branch_labels'),
      up: bodyOf(module, 'upgrade'),
      down: bodyOf(module, 'downgrade'),
      unread,
    },
  }
}

/** A computed id has the file's name until the runtime has told it. */
function idOf(read: readonly string[] | 'computed' | 'absent', fileName: string): string | undefined {
  if (read === 'computed') return fileName.replace(/\.py$/, '')
  return read === 'absent' ? /^([a-f0-9]+)\.py$/.exec(fileName)?.[1] : read[0]
}

/** A variable that holds one text, several or none. */
function textsIn(module: PythonModule, name: string): readonly string[] | 'computed' | 'absent' {
  const bound = module.bindings.get(name)
  if (bound === undefined) return module.importsAll ? 'computed' : 'absent'
  if (bound.kind !== 'literal' || typeof bound.value === 'boolean') return 'computed'
  if (bound.value === null) return []
  return typeof bound.value === 'string' ? [bound.value] : bound.value
}

function bodyOf(module: PythonModule, name: 'upgrade' | 'downgrade'): RevisionFile['down'] {
  const bound: Binding | undefined = module.bindings.get(name)
  if (bound === undefined) return module.importsAll || module.brokenAt !== undefined ? 'there' : 'missing'
  return bound.kind === 'function' && bound.hollow ? 'hollow' : 'there'
}

function isBound(module: PythonModule, name: string): boolean {
  return module.bindings.has(name) || module.importsAll || module.brokenAt !== undefined
}

/** Alembic loads every file before it runs one, so a file that Python refuses stops everything; what only our parser does not know is left to it. */
function syntaxFindings(module: PythonModule, text: string, file: string): Finding[] {
  if (module.brokenAt === undefined) return []
  const place = { file, ...positionOf(text, module.brokenAt) }
  const isLost = !module.bindings.has('revision')
  return [
    {
      rule: 'ALEMBIC-SYNTAX',
      severity: isLost ? 'error' : 'warning',
      message: `${file} does not parse as Python at line ${place.line}, column ${place.column}`,
      remedy: isLost ? 'correct it: Alembic loads every file before it runs one' : 'correct it, unless python reads it: then it is asked',
      place,
    },
  ]
}

function idRemark(revision: string | undefined, { file }: SqlFile, text: string): Remark | undefined {
  if (revision === undefined) {
    const why = text.trim() === '' ? 'is empty' : 'sets no revision'
    return {
      rule: 'ALEMBIC-REVISION',
      severity: 'error',
      message: `${file} ${why}: Alembic stops with "Could not determine revision id"`,
      remedy: 'write revision = "…" and down_revision = "…" at its top, or move the file out of the versions folder',
    }
  }
  if (!isRevisionId(revision)) {
    return {
      rule: 'ALEMBIC-REVISION',
      severity: 'error',
      message: `the revision ${JSON.stringify(revision)} of ${file} has a character that Alembic does not allow: @, - and + mean something on its command line`,
      remedy: 'give it another id, here and where others name it',
    }
  }
  const { length } = Array.from(revision)
  if (length <= longest) return undefined
  return {
    rule: 'VERSION-TOO-LONG',
    severity: 'error',
    message: `the revision ${revision} of ${file} has ${length} characters, and the column version_num of Alembic holds ${longest}`,
    remedy: 'give it a shorter id, here and where others name it',
  }
}

function computedId(file: string): Finding {
  return finding(
    {
      rule: 'SOURCE-OPAQUE',
      severity: 'note',
      message: `${file} computes its revision, so it is known only when the program is asked`,
      remedy: 'write the id out: revision = "…"',
    },
    file,
  )
}

function noDownRevision(file: string): Remark {
  return {
    rule: 'ALEMBIC-REVISION',
    severity: 'error',
    message: `${file} sets no down_revision: Alembic stops with "has no attribute 'down_revision'"`,
    remedy: 'write down_revision = None for the first one, else the id of the one before',
  }
}

function noUpgrade(file: string): Remark {
  return {
    rule: 'ALEMBIC-NO-UPGRADE',
    severity: 'error',
    message: `${file} has no function upgrade: Alembic stops when it comes to it`,
    remedy: 'write def upgrade(), with pass where there is nothing to do',
  }
}
