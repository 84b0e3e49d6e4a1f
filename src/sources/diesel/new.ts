import { SkeinError } from '../../model/errors.ts'
import { compareBytes } from '../compare-bytes.ts'
import { described, type Draft, type Making, type NewFile, titleLike } from '../new-files.ts'
import { stampAfter, stampAt } from '../next-version.ts'
import { parseVersion, titleOf, versionOf } from './name.ts'

/** What stands before the title, from 14 digits: as the folders around write it. The last is what diesel 2.3 makes (diesel_cli migrations). */
const spellings: readonly { fits: RegExp; write(stamp: string): string }[] = [
  { fits: /^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{6}$/, write: dashed },
  { fits: /^[0-9]{14}$/, write: (stamp) => stamp },
  { fits: /^/, write: (stamp) => `${dashed(stamp)}-0000` },
]

/** A folder with `up.sql` and `down.sql`, and with `metadata.toml` for what cannot run in a transaction. */
export const making: Making = {
  whole: [],
  draft({ all }, { words, moment }) {
    // The one that `diesel setup` makes says nothing of how people call theirs.
    const own = all.filter(({ id }) => !/^0+_/.test(id))
    const titles = own.map(({ id }) => titleOf(id))
    const label = labelAfter(
      own.map(({ id }) => id),
      all.map(({ version }) => version),
      moment,
    )
    const id = `${label}_${titleLike(words, titles)}`
    const version = parseVersion(id)
    if (version === undefined || all.some((one) => compareBytes(one.version, version) >= 0)) throw unreachable(label)
    return {
      version,
      id,
      label,
      concurrently: true,
      files(body): NewFile[] {
        if ('whole' in body) return [{ name: `${id}/up.sql`, text: body.whole }]
        const metadata = body.alone ? [{ name: `${id}/metadata.toml`, text: 'run_in_transaction = false\n' }] : []
        return [
          { name: `${id}/up.sql`, text: described(body, 'up') },
          { name: `${id}/down.sql`, text: described(body, 'down') },
          ...metadata,
        ]
      },
    }
  },
  parts: (folder) =>
    folder
      .entries()
      .filter(({ type, name }) => type === 'folder' && !name.startsWith('.') && has(folder.folder(name).entries(), 'up.sql'))
      .map(({ name }) => ({ name, key: versionOf(name), version: versionOf(name), id: name, holds: 'both' as const })),
  renamed: (part, draft: Draft, text) => ({ name: `${draft.label}${part.name.slice(part.name.indexOf('_'))}`, text }),
}

function labelAfter(ids: readonly string[], versions: readonly string[], moment: Date): string {
  const prefix = ids.at(-1)?.split('_')[0]
  if (prefix !== undefined && /^[0-9]{1,9}$/.test(prefix)) return String(Number(prefix) + 1).padStart(prefix.length, '0')
  const spelling = spellings.find(({ fits }) => prefix !== undefined && fits.test(prefix)) ?? spellings.at(-1)
  const greatest = versions.toSorted(compareBytes).at(-1)?.slice(0, 14) ?? ''
  const stamp = /^[0-9]{14}$/.test(greatest) ? stampAfter(greatest, moment) : stampAt(moment)
  return spelling?.write(stamp) ?? stamp
}

function dashed(stamp: string): string {
  return stamp.replace(/^(....)(..)(..)(......)$/, '$1-$2-$3-$4')
}

function has(entries: readonly { name: string }[], name: string): boolean {
  return entries.some((entry) => entry.name === name)
}

function unreachable(label: string): SkeinError {
  return new SkeinError('USAGE', {
    message: `${label} does not sort behind the migrations that are there: Diesel compares versions as text`,
    hint: 'make the folder by hand, with a version behind all others',
  })
}
