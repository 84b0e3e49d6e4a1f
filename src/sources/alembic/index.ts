import type { Finding } from '../../model/finding.ts'
import type { Migration } from '../../model/migration.ts'
import { type Folder, codeFile } from '../../util/folder.ts'
import { byPosition } from '../by-position.ts'
import { compareBytes } from '../compare-bytes.ts'
import { missingDowns } from '../missing-downs.ts'
import { distinct } from '../read-files.ts'
import { finding } from '../rules.ts'
import type { Source, SourceOptions, SourceReading } from '../source.ts'
import { graphOf } from './graph.ts'
import { parseVersion } from './name.ts'
import { type Node, orderOf, parentsOf } from './order.ts'
import { loadPython } from './python.ts'
import { recognise } from './recognise.ts'
import { readRevision, type RevisionFile } from './revision-file.ts'
import { revisionFiles, scriptFolder } from './script-folder.ts'
import { settingsOf } from './settings.ts'

/**
 * Alembic: one Python file for each revision, which names those it stands on; the file's name says nothing. Files are parsed, never imported, so only
 * what is written out is known: the rest is `settings.unread`, for the runtime. A service names the folder with env.py, or a versions folder.
 * The order is a graph's, brought into a row as Alembic runs it (order.ts); `compare` of the source is that of bytes and knows nothing of it, that of
 * a reading does (1.16.5 script/base.py and script/revision.py).
 * One difference: of two files with one revision Alembic warns and takes the later, here they are an error.
 */
export const alembic: Source = { name: 'alembic', ready: loadPython, compare: compareBytes, recognise, read, parseVersion }

function read(folders: readonly Folder[], options?: SourceOptions): SourceReading {
  const scripts = distinct(folders).map((folder) => scriptFolder(folder, options))
  const findings = scripts.flatMap((script) => script.findings)
  const unread: string[] = []
  const found = new Map<string, RevisionFile>()
  for (const { versions, config } of scripts) {
    for (const folder of distinct(versions)) {
      const listed = revisionFiles(folder, config?.recursive === true)
      findings.push(...listed.findings)
      for (const { folder: inside, name } of listed.files) {
        const reading = readRevision(inside.file(name), name)
        findings.push(...reading.findings)
        unread.push(...reading.unread)
        if (reading.revision !== undefined) add(reading.revision, found, findings)
      }
    }
  }
  const files = [...found.values()]
  const graph = graphOf(files, unread.length === 0)
  findings.push(...graph.findings)
  const order = graph.isCircular ? graph.nodes : orderOf(graph.nodes)
  const migrations = order.map((node) => migrationOf(node, found.get(node.revision) as RevisionFile))
  const settings = settingsOf(scripts, unread)
  findings.push(...settings.findings, ...missingDowns(migrations, 'Alembic stops when it is to take it back'))
  return {
    migrations,
    findings,
    ...(settings.settings !== undefined && { settings: settings.settings }),
    ...(migrations.length > 0 && { compare: byPosition(migrations) }),
  }
}

function add(file: RevisionFile, found: Map<string, RevisionFile>, findings: Finding[]): void {
  const taken = found.get(file.revision)
  if (taken === undefined) {
    found.set(file.revision, file)
    return
  }
  const message = `${taken.file.file} and ${file.file.file} both have revision ${file.revision}: Alembic warns and takes the one that it reads last`
  findings.push(
    finding(
      { rule: 'SOURCE-DUPLICATE', severity: 'error', message, remedy: 'delete one, or give it an id of its own' },
      file.file.file,
      file.revision,
    ),
  )
}

function migrationOf(node: Node, { revision, title, file, up, down, unread }: RevisionFile): Migration {
  const opaque = unread.length > 0
  return {
    version: revision,
    name: title,
    id: revision,
    up: codeFile(file, { opaque, hollow: up === 'hollow' }),
    down: down === 'missing' ? null : codeFile(file, { opaque, hollow: down === 'hollow' }),
    sending: 'always',
    parents: parentsOf(node),
  }
}
