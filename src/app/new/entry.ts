import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SkeinError } from '../../model/errors.ts'
import type { CodeFile, Migration, SqlFile } from '../../model/migration.ts'
import { addEntries } from '../../sources/overlays/dependencies/add-entries.ts'
import { seenFrom } from '../../sources/overlays/dependencies/known.ts'
import { homeOf } from '../../sources/overlays/dependencies/missing-entries.ts'
import type { Dependencies } from '../../sources/overlays/dependencies/names.ts'
import { loadParser } from '../../sql/front.ts'
import { isHollow } from '../../sql/hollow.ts'
import { describeMigration } from '../describe-migration.ts'
import type { LoadedService } from '../load.ts'
import type { Change } from './write-files.ts'

/** A migration whose files are not on disk yet. */
export interface Unwritten {
  version: string
  id: string
  name: string
  files: readonly { path: string; text: string }[]
  environment?: string
}

/** The dependencies.json that gets an entry for the new migration; undefined where the service has none. Throws METADATA-INVALID. */
export async function entryChange(one: LoadedService, found: Dependencies, made: Unwritten): Promise<Change | undefined> {
  const file = homeOf({ environment: made.environment }, found.files)
  if (file === undefined) return undefined
  await loadParser()
  const up = made.files.find(({ path }) => /(?:^|[._/])up\.sql$/.test(path)) ?? made.files[0]
  const down = made.files.find(({ path }) => /(?:^|[._/])down\.sql$/.test(path))
  const isSql = up?.path.endsWith('.sql') === true
  const migration: Migration = {
    version: made.version,
    name: made.name,
    id: made.id,
    up: up === undefined || !isSql ? null : textFile(up),
    down: down !== undefined ? textFile(down) : up === undefined ? null : codeText(up),
    sending: 'split',
    environment: made.environment,
  }
  const before = seenFrom(found.all, made.environment).at(-1)
  const read = await describeMigration(migration, before === undefined ? [] : [before.id], one.service.schema)
  // What is still to be written can be taken back as far as anybody knows; nobody would come back to correct it here.
  const isEmpty = migration.up?.kind === 'sql' && isHollow(migration.up.text())
  const entry = isEmpty ? { ...read, rollback_safe: true } : read
  const text = readFileSync(file.path, 'utf8')
  const order = [...found.all.map(({ id }) => id), made.id]
  const after = file.broken ? undefined : addEntries(file.file, text, [{ key: made.id, entry }], order)
  if (after === undefined)
    throw new SkeinError('METADATA-INVALID', {
      message: `${file.file} cannot be read, so that the new migration gets no entry there; nothing was written`,
      hint: 'skein validate says what is wrong',
      service: one.service.name,
      place: { file: file.file },
    })
  return { kind: 'replace', path: file.path, label: file.file, before: text, text: after }
}

function textFile({ path, text }: { path: string; text: string }): SqlFile {
  const raw = Buffer.from(text)
  return { kind: 'sql', file: path, path, raw: () => raw, text: () => text, sha256: () => hash(raw), forget: () => {} }
}

function codeText({ path, text }: { path: string; text: string }): CodeFile {
  const raw = Buffer.from(text)
  return { kind: 'code', file: path, path, raw: () => raw, sha256: () => hash(raw), opaque: false }
}

function hash(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex')
}
