import { deepStrictEqual, strictEqual } from 'node:assert'
import { count } from './server.mjs'

/** Throws unless everything of the set is in the database, and the rows that the contender keeps are there. */
export async function check(url, set, { name, history, ledger }) {
  const found = await count(url)
  deepStrictEqual(found.objects, set.expected, `objects made by ${name}`)
  strictEqual(found.history, history ? set.files.length : null, `${name}: the version in the history table`)
  strictEqual(found.ledger, ledger ? set.files.length : null, `${name}: rows in the ledger`)
}

/** Throws unless nothing of the set is left. */
export async function checkEmpty(url) {
  const found = await count(url)
  deepStrictEqual(Object.values(found.objects), [0, 0, 0, 0, 0, 0], 'objects after all downs')
  strictEqual(found.history, null, 'the version in the history table after all downs')
  strictEqual(found.ledger ?? 0, 0, 'rows in force in the ledger after all downs')
}
