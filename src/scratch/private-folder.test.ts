import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/server.ts'
import { privateFolder } from './private-folder.ts'

const folder = () => temporaryFolder()
const refused = (says: string) => ({ code: 'EMBEDDED-FAILED', message: expect.stringContaining(says) })

it('makes a folder with its mode whatever the umask, and takes it again', async () => {
  const path = join(folder(), 'mine')
  const before = process.umask(0o077)
  try {
    await privateFolder(path, 0o755)
  } finally {
    process.umask(before)
  }
  expect(statSync(path).mode & 0o777).toBe(0o755)
  await privateFolder(path, 0o755)
})

it('refuses a folder of another user', async () => {
  const path = join(folder(), 'theirs')
  mkdirSync(path)
  const weAreRoot = process.getuid?.() === 0
  if (weAreRoot) chownSync(path, 65534, 65534)
  await expect(privateFolder(weAreRoot ? path : '/usr', 0o755)).rejects.toMatchObject(refused('belongs to uid'))
})

it('refuses a folder that others can write to', async () => {
  const path = join(folder(), 'open')
  mkdirSync(path)
  chmodSync(path, 0o777)
  await expect(privateFolder(path, 0o755)).rejects.toMatchObject(refused('can be written to by others (mode 777)'))
})

it('refuses a link, even to a good folder, and a file', async () => {
  const [good, link, file] = [folder(), join(folder(), 'link'), join(folder(), 'file')]
  symlinkSync(good, link)
  writeFileSync(file, '')
  await expect(privateFolder(link, 0o755)).rejects.toMatchObject(refused('is a symbolic link'))
  await expect(privateFolder(file, 0o755)).rejects.toMatchObject(refused('is not a folder'))
})

it('says why a folder cannot be made', async () => {
  await expect(privateFolder(join(folder(), 'missing', 'mine'), 0o755)).rejects.toMatchObject(refused('ENOENT'))
})
