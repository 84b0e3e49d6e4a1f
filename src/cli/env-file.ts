import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { SkeinError } from '../model/errors.ts'

/** A command line without its --env-file words, and the environment with what those files say. */
export interface WithEnvFiles {
  argv: string[]
  env: NodeJS.ProcessEnv
}

/**
 * Reads every `--env-file FILE` before anything else is read, wherever it stands before a `--`. What is set in the real environment wins, also when it is
 * empty, as with `node --env-file` and Docker Compose; with --env-file-override the files do. Of several files the last one wins. Throws USAGE,
 * SOURCE-UNREADABLE. The files are dotenv as Node reads it (util.parseEnv): `NAME=value`, quotes, `#`; `${NAME}` is not expanded.
 */
export function readEnvFiles(argv: readonly string[], env: NodeJS.ProcessEnv, cwd: string): WithEnvFiles {
  const end = argv.indexOf('--') === -1 ? argv.length : argv.indexOf('--')
  const left: string[] = []
  const said: NodeJS.ProcessEnv = {}
  let override = false
  let files = 0
  for (let at = 0; at < end; at++) {
    const word = argv[at] as string
    if (word === '--env-file-override') override = true
    else if (word === '--env-file' || word.startsWith('--env-file=')) {
      const file = word === '--env-file' ? argv[++at] : word.slice('--env-file='.length)
      if (file === undefined || file === '' || at >= end)
        throw new SkeinError('USAGE', { message: '--env-file needs a file', hint: 'skein up --env-file .env' })
      Object.assign(said, read(resolve(cwd, file), file))
      files++
    } else left.push(word)
  }
  if (files === 0 && !override) return { argv: [...argv], env }
  return { argv: [...left, ...argv.slice(end)], env: override ? { ...env, ...said } : { ...said, ...env } }
}

function read(path: string, file: string): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync(path, 'utf8')) as NodeJS.ProcessEnv
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new SkeinError('SOURCE-UNREADABLE', { message: `the file of --env-file cannot be read: ${file} (${why})`, cause })
  }
}
