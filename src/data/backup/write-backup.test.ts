import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { pgBin } from '../../../test/pg-client.ts'
import { connect, freshDatabase, temporaryFolder } from '../../../test/server.ts'
import { connectionEnvironment } from '../../postgres/connection-environment.ts'
import { resolveConnection } from '../../postgres/resolve-connection.ts'
import { findTools } from './find-tools.ts'
import { writeBackup } from './write-backup.ts'

it.each(['custom', 'sql', 'sql.gz'] as const)(
  '%s: stopped while pg_dump waits for a table: no file is left',
  async (format) => {
    const { url } = await freshDatabase(15)
    const holder = await connect(url)
    const abort = new AbortController()
    const folder = temporaryFolder()
    const waiting = async () =>
      (await holder.query("select from pg_stat_activity where application_name = 'pg_dump' and datname = current_database()")).rowCount
    try {
      await holder.query('create table held (id int)')
      await holder.query('begin; lock table held')
      const env = { ...connectionEnvironment(resolveConnection({ env: {}, given: url })) }
      const tools = findTools(150_000, {}, pgBin(16))
      const options = { tools, env, file: join(folder, 'b'), format, schemaOnly: false, signal: abort.signal } as const
      const outcome = writeBackup(options, {}).then(
        () => 'written',
        (error: { code: string }) => error.code,
      )
      while ((await waiting()) === 0) {
        // The statistics of a transaction stand still unless they are asked for anew.
        await holder.query('select pg_stat_clear_snapshot()')
        await sleep(20)
      }
      expect(readdirSync(folder)).toEqual([expect.stringMatching(/^b\..*\.part$/)])
      abort.abort()
      expect(await outcome).toBe('INTERRUPTED')
      expect(readdirSync(folder)).toEqual([])
    } finally {
      await holder.end()
    }
  },
  30_000,
)
