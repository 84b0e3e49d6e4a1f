/** Where the real tools are that scripts/tools.mjs installs: tests run against these, and fail without them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const installed = join(import.meta.dirname, '..', '.tools')

export type ToolName =
  | 'package'
  | 'pg-client'
  | 'typeorm-0.3'
  | 'typeorm-1'
  | 'alembic'
  | 'goose'
  | 'dbmate'
  | 'golang-migrate'
  | 'golang-migrate-4.14'
  | 'golang-migrate-library'
  | 'golang-migrate-library-4.14'
  | 'diesel'
  | 'linters'

/** Absolute folder of a tool. Throws when it is not installed, with the command that installs it. */
export function tool(name: ToolName): string {
  const folder = join(installed, name)
  if (!existsSync(join(folder, '.installed'))) throw new Error(`${name} is not installed: node scripts/tools.mjs ${name}`)
  return folder
}

/** The Python of the environment that has Alembic. */
export function alembicPython(): string {
  return join(tool('alembic'), 'bin', 'python')
}
