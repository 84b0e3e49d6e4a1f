import { shippedFile } from '../../util/shipped-file.ts'
import { runOwnCommand } from '../own-command.ts'
import type { RuntimeSpec } from '../runtime.ts'
import { findPython } from './find-python.ts'

/** Beside this file in src/, beside the bundle in dist/: scripts/build.mjs copies it. */
const program = new URL('command.py', import.meta.url)

/** What `alembic upgrade`, `downgrade`, `stamp` or `revision --autogenerate` would do, as the service's own Alembic sees it. */
export interface AskedOfAlembic {
  command: 'upgrade' | 'downgrade' | 'stamp' | 'revision'
  /** Absolute folder with env.py. */
  folder: string
  /** Absolute path of the configuration; null for none. */
  config: string | null
  section: string
  /** Where env.py connects to, as a URL of libpq's; '' for `revision`, which asks nobody. Contains secrets: never print it. */
  url: string
  /** Revisions to run, in Alembic's order. */
  steps: string[]
  /** Rows of the table afterwards, for `stamp`. */
  heads: string[]
  /** Values of `-x`, and of `--tag`. */
  x: string[]
  tag: string | null
}

/**
 * Runs the command line in the service's own Alembic, in `cwd`: usage, errors and everything that only reads is its own. Returns its exit code, and for
 * the three commands that write to the table and for `revision --autogenerate` what they would do; nothing was written then. With SKEIN_SCRATCH=1 in the
 * environment it autogenerates by itself, and every engine leads to DATABASE_URL. Throws RUNTIME-MISSING.
 */
export async function ownAlembic(
  spec: RuntimeSpec,
  words: readonly string[],
  how: { cwd: string; signal: AbortSignal; say: (text: string, stream: 'stdout' | 'stderr') => void },
): Promise<{ exit: number; python: string; asked: AskedOfAlembic | undefined }> {
  const python = await findPython(spec, how.cwd)
  const end = await runOwnCommand({ program: python, args: ['-u', shippedFile(program), ...words], env: spec.env, ...how })
  return { exit: end.exit, python, asked: end.asked as AskedOfAlembic | undefined }
}
