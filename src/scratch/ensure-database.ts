import { SkeinError } from '../model/errors.ts'

/**
 * Creates a database on a server when it is missing; true when it was. Safe when several do it at once.
 * Throws EMBEDDED-FAILED for a name that the server would cut short; other refusals come as the server's errors.
 */
export async function ensureDatabase(server: { url(database?: string): string }, name: string): Promise<boolean> {
  // NAMEDATALEN: a longer name is shortened with no more than a notice, and then the wrong database exists.
  if (!name || Buffer.byteLength(name) > 63) {
    throw new SkeinError('EMBEDDED-FAILED', { message: `a database cannot be called "${name}": a name has 1 to 63 bytes` })
  }
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: server.url('postgres'), application_name: 'skein' })
  client.on('error', () => {}) // what breaks the connection also fails the query
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [name])
    if (found.rowCount) return false
    await client.query(`create database ${pg.escapeIdentifier(name)}`)
    return true
  } catch (error) {
    // 42P04: it exists. 23505: someone else's creation of it was committed between the server's look and its insert.
    if (['42P04', '23505'].includes((error as { code?: string }).code ?? '')) return false
    throw error
  } finally {
    await client.end()
  }
}
