import type { AdoptEvidence } from './evidence.ts'

/** What was seen besides. Ids are those of migrations. */
export interface Besides {
  isDirty: boolean
  /** The version that the mark names; null: before the first. */
  dirty: string | null | undefined
  /** The migrations are code: what they make was read and not run. */
  isCode: boolean
  /** Tables with the columns of the history, when it is not where it was looked for. */
  elsewhere: string[]
  /** Pending, and everything that they make is there. */
  alreadyThere: string[]
  /** Applied, and the sum in the table is not that of the file. */
  otherText: string[]
  /** Pending, with applied ones behind them. */
  before: string[]
}

/** What speaks against taking the table's word, one line each with what to do. Pure. */
export function doubtsOf(found: Omit<AdoptEvidence, 'doubts'>, besides: Besides): string[] {
  const { service, table, matched, unknown, made, add } = found
  const missing = made.filter((one) => !one.there)
  const name = `${table.schema}.${table.name}`
  const doubts: string[] = []
  if (table.columns === null) doubts.push(absent(found, besides, name))
  if (besides.isDirty)
    doubts.push(`${name} says that ${besides.dirty ?? 'the first'} broke off: adopt what is there, then see skein repair ${service}`)
  if (unknown.length > 0)
    doubts.push(
      `${count(unknown.length, 'version')} in ${name} ${unknown.length === 1 ? 'has' : 'have'} no file here (${short(unknown)}): the database is ahead of this checkout, or files were deleted. ${add.some((version) => unknown.includes(version)) ? 'They are recorded as applied, without a text; ' : ''}skein repair ${service} shows the ways out`,
    )
  if (missing.length > 0)
    doubts.push(
      `${count(missing.length, 'thing')} that the applied files make ${missing.length === 1 ? 'is' : 'are'} not there: ${short(missing.map((one) => `${one.kind} ${one.name}`))}. ${besides.isCode ? 'The code was read, not run: something in it may have dropped them again' : 'Somebody dropped them by hand, or this is another database'}`,
    )
  if (table.columns !== null && besides.alreadyThere.length > 0)
    doubts.push(
      `${short(besides.alreadyThere)} ${besides.alreadyThere.length === 1 ? 'is' : 'are'} pending, and everything that ${besides.alreadyThere.length === 1 ? 'it makes' : 'they make'} is there: if it was run by hand, skein mark ${service} VERSION --applied`,
    )
  if (besides.otherText.length > 0)
    doubts.push(
      `${count(besides.otherText.length, 'file')} changed since they were applied, by the sums in ${name}: ${short(besides.otherText)}`,
    )
  if (matched.length > 0 && besides.before.length > 0)
    doubts.push(
      `${short(besides.before)} ${besides.before.length === 1 ? 'is' : 'are'} pending, with applied ones behind: up refuses until out-of-order says what to do`,
    )
  return doubts
}

function absent({ service }: Pick<AdoptEvidence, 'service'>, { elsewhere, alreadyThere }: Besides, name: string): string {
  if (elsewhere.length > 0)
    return `${name} is not there; ${elsewhere.join(' and ')} has its columns: say table: ${elsewhere[0]} if that is it`
  const last = alreadyThere.at(-1)
  if (last === undefined) return `${name} is not there: nothing was run here yet, and there is nothing to adopt`
  return `${name} is not there, but all that ${short(alreadyThere)} would make is: skein baseline ${service} VERSION says up to where it was made otherwise`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function short(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
}
