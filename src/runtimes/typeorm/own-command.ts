import { shippedFile } from '../../util/shipped-file.ts'
import { runOwnCommand } from '../own-command.ts'
import type { RuntimeSpec } from '../runtime.ts'
import { findDatasource } from './find-datasource.ts'
import { findLoader } from './find-loader.ts'
import { findNode } from './find-node.ts'
import { findPackage } from './find-package.ts'

const program = new URL('typeorm-child/command.mjs', import.meta.url)

/** What `migration:run`, `migration:revert` or `migration:generate` was asked for, and where the DataSource leads. */
export interface AskedOfTypeorm {
  command: 'run' | 'revert' | 'generate'
  /** Absolute path. */
  datasource: string
  /** Absolute folders of the migrations that it loads. */
  folders: string[]
  transaction: 'all' | 'each' | 'none'
  fake: boolean
  /** Contains secrets: never print it. */
  url: string
  /** Migrations in TypeORM's order. */
  names: string[]
}

/**
 * Runs the command line in the service's own TypeORM: usage, errors and everything but running, reverting and generating is its own. Returns its exit code,
 * and for these what was asked for; nothing was connected to then. With SKEIN_SCRATCH=1 in the environment it generates by itself, and every DataSource leads
 * to DATABASE_URL. Throws RUNTIME-MISSING, RUNTIME-INVALID.
 */
export async function ownTypeorm(
  spec: RuntimeSpec,
  words: readonly string[],
  how: { cwd: string; signal: AbortSignal; say: (text: string, stream: 'stdout' | 'stderr') => void },
): Promise<{ exit: number; asked: AskedOfTypeorm | undefined }> {
  const found = findPackage(spec)
  const named = words[words.findIndex((word) => word === '-d' || word === '--dataSource') + 1]
  const datasource = words.includes('-d') || words.includes('--dataSource') ? named : usual(spec, found.folder)
  const loader = findLoader({ ...spec, folders: [] }, found, datasource ?? '')
  const told = JSON.stringify({ folder: found.folder, datasource, words })
  const args = [...loader, shippedFile(program), told]
  const end = await runOwnCommand({ program: findNode(spec), args, env: spec.env, ...how })
  return { exit: end.exit, asked: end.asked as AskedOfTypeorm | undefined }
}

function usual(spec: RuntimeSpec, folder: string): string | undefined {
  try {
    return findDatasource(spec, folder)
  } catch {
    return undefined // its own command line says what is missing
  }
}
