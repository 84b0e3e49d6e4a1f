import { describe, expect, it } from 'vitest'
import { connect, freshDatabase, majors, privateServer, server } from './server.ts'

describe.each(majors())('the test server of PostgreSQL %i', (major) => {
  it('is of that version, shared, and takes no short cuts in authentication', async () => {
    const [first, second] = await Promise.all([server(major), server(major)])
    expect(first.pid).toBe(second.pid)
    const client = await first.admin()
    const { rows } = await client.query(
      "select current_setting('server_version_num')::int / 10000 as major, current_setting('fsync') as fsync",
    )
    const rules = await client.query('select distinct auth_method from pg_hba_file_rules')
    await client.end()
    expect(rows).toEqual([{ major, fsync: 'off' }])
    expect(rules.rows).toEqual([{ auth_method: 'scram-sha-256' }])
  })

  it('gives databases of their own', async () => {
    const [one, two] = await Promise.all([freshDatabase(major), freshDatabase(major)])
    const client = await connect(one.url)
    await client.query('create table t ()')
    await client.end()
    const other = await connect(two.url)
    expect((await other.query("select to_regclass('t') as t")).rows).toEqual([{ t: null }])
    await other.end()
    await one.drop()
    await expect(connect(one.url)).rejects.toMatchObject({ code: '3D000' })
  })

  it('can be private, and killed', async () => {
    const mine = await privateServer(major)
    const [url, pid] = [mine.url(), mine.pid]
    const client = await mine.admin()
    await client.query('create table kept as select 1 as n')
    await mine.kill9()
    await expect(connect(url)).rejects.toThrow()
    await mine.start()
    expect(mine.url()).toBe(url)
    expect(mine.pid).not.toBe(pid)
    const again = await mine.admin()
    expect((await again.query('select n from kept')).rows).toEqual([{ n: 1 }])
    await again.end()
    await mine.restart()
    await mine.stop()
    await expect(connect(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('differs from its neighbours in its system identifier', async () => {
    const [shared, mine] = [await server(major), await privateServer(major)]
    expect(await systemIdentifier(shared.url())).not.toBe(await systemIdentifier(mine.url()))
    await mine.stop('immediate')
  })
})

async function systemIdentifier(url: string): Promise<string> {
  const client = await connect(url)
  const { rows } = await client.query('select system_identifier::text as id from pg_control_system()')
  await client.end()
  return rows[0].id
}
