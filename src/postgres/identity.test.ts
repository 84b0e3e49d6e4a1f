import { describe, expect, it } from 'vitest'
import { freshDatabase, majors, server } from '../../test/server.ts'
import { connect } from './connect.ts'
import { readIdentity } from './identity.ts'
import { resolveConnection } from './resolve-connection.ts'

describe('readIdentity', () => {
  it.each(majors())('may be asked by an ordinary role on PostgreSQL %i', async (major) => {
    const database = await freshDatabase(major)
    const open = (given: string) => connect(resolveConnection({ given, env: {} }))
    const admin = await open(database.url)
    const role = `role_${database.name}`
    await admin.simple(
      `create role ${role} login password 'x'; alter role ${role} set default_transaction_read_only = on; alter role ${role} set search_path = nowhere`,
    )
    const url = new URL(database.url)
    url.username = role
    url.password = 'x'
    const plain = await open(url.href)
    const [asAdmin, asRole] = [await readIdentity(admin), await readIdentity(plain)]
    expect(asRole.systemIdentifier).toMatch(/^\d{15,}$/)
    expect(asAdmin).toEqual({ ...asRole, user: 'postgres', schema: 'public', readOnly: false })
    expect(asRole).toMatchObject({
      database: database.name,
      version: admin.version,
      user: role,
      schema: null,
      standby: false,
      readOnly: true,
    })
    expect(asRole.databaseOid).toBeGreaterThan(0)
    await admin.simple('revoke execute on function pg_control_system() from public')
    expect(await readIdentity(plain)).toEqual({ ...asRole, systemIdentifier: null })
    await plain.end()
    await admin.simple(`grant execute on function pg_control_system() to public; drop role ${role}`)
    await admin.end()
    const other = await open((await server(major)).url())
    expect(await readIdentity(other)).toMatchObject({ systemIdentifier: asRole.systemIdentifier, database: 'postgres' })
    await other.end()
  })
})
