import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { fileNames } from '../workspace/find.ts'
import { initFile } from '../workspace/init-file.ts'

export interface InitResult {
  file: string
  text: string
  services: { name: string; path: string }[]
  written: boolean
}

/** Writes skein.yaml for what lies below the current folder, asking nothing; a dry run only says what it would write. Never overwrites: USAGE when there is one. */
export async function init(request: { dryRun?: boolean }, ports: Ports): Promise<InitResult> {
  const there = fileNames.find((name) => existsSync(join(ports.cwd, name)))
  if (there !== undefined && request.dryRun !== true) {
    throw new SkeinError('USAGE', {
      message: `${there} is here already`,
      hint: 'look at what would be written: skein init --dry-run',
      place: { file: there },
    })
  }
  const { text, services } = initFile(ports.cwd)
  if (request.dryRun !== true) writeFileSync(join(ports.cwd, fileNames[0]), text, { flag: 'wx' })
  return { file: fileNames[0], text, services: services.map(({ name, path }) => ({ name, path })), written: request.dryRun !== true }
}
