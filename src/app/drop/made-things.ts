import { SkeinError } from '../../model/errors.ts'
import { type MadeObject, madeObjects } from '../../sql/made-objects.ts'
import type { Looked } from '../look.ts'
import { appliedTexts } from '../applied-texts.ts'
import type { Thing } from './catalogue.ts'

/** What the applied migrations of a service have made, less what they dropped again; and those that cannot be read. */
export interface Made {
  objects: MadeObject[]
  /** Ids of applied migrations in code, without any text, or that do not parse. */
  unread: string[]
}

/** From the texts that the ledger keeps, else from today's files, in the tool's order. One connection where there are texts to fetch. */
export async function madeBy(looked: Looked): Promise<Made> {
  const { texts, unread } = await appliedTexts(looked)
  const parsed = texts.filter(({ text }) => madeObjects([text]) !== undefined)
  return {
    objects: madeObjects(parsed.map(({ text }) => text)) ?? [],
    unread: [...unread, ...texts.filter((one) => !parsed.includes(one)).map(({ id }) => id)],
  }
}

/** Those of the catalogue that are meant by what was made. */
export function thingsMade(objects: readonly MadeObject[], catalogue: readonly Thing[]): Thing[] {
  return catalogue.filter((thing) => objects.some((made) => isIt(made, thing)))
}

function isIt(made: MadeObject, thing: Thing): boolean {
  if (made.name !== thing.name || (made.schema === undefined ? !thing.visible : made.schema !== thing.schema)) return false
  if (made.kind === 'function') return ['function', 'procedure'].includes(thing.kind) && made.arguments === thing.arguments
  if (made.kind === 'type') return thing.kind === 'type' || thing.kind === 'domain'
  return made.kind === thing.kind
}

/** Those that a person named: `table` or `schema.table`, as in SQL without quotes around whole words. Throws USAGE for one that is not there. */
export function thingsNamed(names: readonly string[], catalogue: readonly Thing[], service: string): Thing[] {
  const relations = catalogue.filter((one) => one.identity.indexOf('(') < 0 && one.kind !== 'type' && one.kind !== 'domain')
  return names.map((name) => {
    const found = relations.find(
      (one) => `${one.schema}.${one.name}` === name || one.identity === name || (one.visible && one.name === name),
    )
    if (found !== undefined) return found
    throw new SkeinError('USAGE', {
      message: `${service}: there is no table ${name}`,
      hint: `there are: ${relations.map((one) => one.identity).join(', ') || 'none'}`,
      service,
    })
  })
}
