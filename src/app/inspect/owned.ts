import type { TableStory } from '../../sql/table-stories.ts'
import type { InspectedDatabase, InspectedService } from './databases.ts'
import type { Relation } from './relations.ts'

/** A table with what is known of where it comes from. */
export interface Owned {
  relation: Relation
  /** `data` of a service, a tool's own table (`history`), Skein's (`ledger`), or what an extension brought. */
  holds: 'data' | 'history' | 'ledger' | 'extension'
  /** Whose migration made it; of a history, whose it is; null where no migration that can be read did. */
  service: string | null
  /** Id of the migration that made it; null where that is not known. */
  migration: string | null
  story: TableStory | undefined
  /** Where that is not known: services at home in its schema with applied migrations that cannot be read. */
  perhaps: string[]
}

/**
 * The tables of the selected services: what their migrations made wherever it is, and what nobody is known to have made in the schemas that they use.
 * With `all` also histories, the ledger, and what extensions brought.
 */
export function ownedTables(relations: readonly Relation[], database: InspectedDatabase, all: boolean): Owned[] {
  const mine = database.services.filter((one) => one.selected)
  const schemas = new Set(mine.flatMap(schemasOf))
  const ledgers = new Set(mine.map((one) => one.looked.loaded.service.ledgerSchema))
  return relations
    .map((relation) => owned(relation, database))
    .filter((one) => {
      if (one.holds === 'ledger') return all && ledgers.has(one.relation.schema)
      if (one.holds === 'extension') return all && schemas.has(one.relation.schema)
      if (one.service !== null) return mine.some(({ name }) => name === one.service) && (all || one.holds === 'data')
      return schemas.has(one.relation.schema)
    })
}

function owned(relation: Relation, { services }: InspectedDatabase): Owned {
  const base = { relation, service: null, migration: null, story: undefined, perhaps: [] }
  if (relation.extension !== null) return { ...base, holds: 'extension' }
  if (services.some((one) => one.looked.loaded.service.ledgerSchema === relation.schema && one.looked.table.schema !== relation.schema))
    return { ...base, holds: 'ledger' }
  // A table that several services share is shown with any of them.
  const histories = services.filter(({ looked: { table, history } }) => {
    return relation.schema === table.schema && [table.table, ...history.furtherTables].includes(relation.name)
  })
  const [history] = histories.toSorted((a, b) => Number(b.selected) - Number(a.selected))
  if (history !== undefined) return { ...base, holds: 'history', service: history.name }
  for (const service of services.toSorted((a, b) => Number(b.selected) - Number(a.selected))) {
    const story = service.stories.find((one) => one.schema === relation.schema && one.name === relation.name)
    if (story !== undefined) return { ...base, holds: 'data', service: service.name, migration: story.madeBy, story }
  }
  const perhaps = services.filter((one) => one.unread.length > 0 && schemasOf(one).includes(relation.schema)).map((one) => one.name)
  return { ...base, holds: 'data', perhaps }
}

/** Where a service is at home, where its tables are, and where its tool's is. */
export function schemasOf(one: InspectedService): string[] {
  return [one.home, one.looked.table.schema, ...one.stories.map(({ schema }) => schema)]
}
