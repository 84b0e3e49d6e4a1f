import { SkeinError } from '../../model/errors.ts'
import type { Migration } from '../../model/migration.ts'
import { typeormTimestamp } from '../../util/typeorm-name.ts'
import type { Around, Body, Draft, Making, Part, Wanted } from '../new-files.ts'
import { stampAt } from '../next-version.ts'
import { classFile } from './class-file.ts'
import { parseVersion, titleOf } from './name.ts'
import { readModule } from './read-module.ts'
import { isModule } from './recognise.ts'
import { readSettings } from './settings.ts'

/** A class called `<Title><milliseconds>` in a file called as the newest ones are: `1615213456789-Title.ts`, or `20210308142416-title.ts`. */
export const making: Making = {
  whole: ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'],
  draft,
  parts: (folder) =>
    folder.entries().flatMap((entry): Part[] => {
      if (entry.type !== 'file' || !isModule(entry.name)) return []
      return readModule(folder.file(entry.name), entry).migrations.map(({ version }) => ({
        name: entry.name,
        // TypeORM orders by the timestamp alone: two classes that share one run in the order of their files.
        key: String(typeormTimestamp(version) ?? version),
        version,
        id: version,
        holds: 'both',
      }))
    }),
  renamed,
}

function draft({ all, paths, options }: Around, { words, moment }: Wanted): Draft {
  const newest = all.at(-1)
  const [, prefix = '', mark = '-', rest = '', ending = '.ts'] = /^([0-9]*)([-_.]?)(.*?)(\.[cm]?[jt]s)$/.exec(fileName(newest)) ?? []
  const greatest = Math.max(0, ...all.map(({ version }) => typeormTimestamp(version) ?? 0))
  const exact = Math.max(moment.getTime(), greatest + 1)
  // A name of 14 digits has whole seconds, and its class the same ones.
  const time = prefix.length === 14 ? Math.ceil(exact / 1000) * 1000 : exact
  const title = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
  // A class cannot begin with a digit.
  const className = `${/^[0-9]/.test(title) ? 'M' : ''}${title}${time}`
  if (parseVersion(className) === undefined) throw noName(className)
  const spelt = /[A-Z]/.test(rest) || newest === undefined ? title : words.join(/_/.test(rest) ? '_' : '-')
  const label = prefix.length === 14 ? stampAt(new Date(time)) : String(time)
  const base = prefix === '' && newest !== undefined ? className : `${label}${mark || '-'}${spelt}`
  return {
    version: className,
    id: className,
    label: String(time),
    // In mode `each` TypeORM itself could build such an index and not take it back: reverting has a transaction whatever the class says.
    concurrently: readSettings(paths, options).transaction === 'none',
    className,
    files: (body: Body) => [
      {
        name: `${base}${ending}`,
        text: 'whole' in body ? body.whole : classFile(className, body, ending, newest?.up?.raw().toString('utf8')),
      },
    ],
  }
}

/** Another timestamp in the names of class and file. */
function renamed(part: Part, draft: Draft, text: string): { name: string; text: string } {
  const before = String(typeormTimestamp(part.version))
  const label = /^[0-9]{14}(?=[-_.])/.test(part.name) ? stampAt(new Date(Number(draft.label))) : draft.label
  const name = part.name.replace(/^(?:[0-9]{14}|[0-9]{13})(?=[-_.])/, label).replace(before, draft.label)
  const changed = `${titleOf(part.version)}${draft.label}`
  return { name, text: text.replaceAll(new RegExp(`\\b${part.version}\\b`, 'g'), changed) }
}

function fileName(migration: Migration | undefined): string {
  const file = (migration?.up ?? migration?.down)?.file ?? ''
  return file.slice(file.lastIndexOf('/') + 1)
}

function noName(name: string): SkeinError {
  return new SkeinError('USAGE', { message: `${name} cannot be the name of a class`, hint: 'give it a name of letters and digits' })
}
