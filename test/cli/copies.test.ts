import { expect, it } from 'vitest'
import { connect, freshDatabase } from '../server.ts'
import { folderOf, shopFiles, skein } from './kit.ts'

it('says of a cloned database that its ledger was made elsewhere', async () => {
  const [original, clone] = [await freshDatabase(), await freshDatabase()]
  const folder = folderOf(shopFiles())
  const statusOf = async (url: string) => {
    const { stdout } = await skein(folder, ['status', '--json', '--database', url])
    return (JSON.parse(stdout) as { services: { state: string; current: string; notes: string[] }[] }).services[0]
  }
  expect((await skein(folder, ['up', '--database', original.url])).code).toBe(0)
  expect(await statusOf(original.url)).toMatchObject({ state: 'up-to-date', current: '2', notes: [] })

  const admin = await connect(original.server.url('postgres'))
  await admin.query(`drop database "${clone.name}"`)
  await admin.query(`create database "${clone.name}" template "${original.name}"`)
  await admin.end()
  const cloned = await statusOf(clone.url)
  expect(cloned).toMatchObject({ state: 'up-to-date', current: '2' })
  expect(cloned?.notes.join()).toMatch(/its ledger was made in the database .* elsewhere/)
  await original.drop()
  await clone.drop()
})
