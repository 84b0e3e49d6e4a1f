import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * The folder that a source URL names, absolute, after a look whether it can be read. A text instead is what the tool says of one that cannot be used.
 * Source: golang-migrate v4.19.1 migrate.go (New), source/driver.go (Open), source/file/file.go (parseURL): host and path joined, relative to here.
 */
export function readSourceUrl(text: string, cwd: string): { path: string } | string {
  if (text === '') return 'failed to parse scheme from source URL: URL cannot be empty'
  const colon = text.indexOf(':')
  if (colon < 1) return 'failed to parse scheme from source URL: no scheme'
  const scheme = text.slice(0, colon)
  const cannotOpen = `failed to open source, "${text}":`
  if (scheme !== 'file') return `${cannotOpen} source driver: unknown driver '${scheme}' (forgotten import?)`
  const rest = text.slice(colon + 1)
  const path = decode((rest.startsWith('//') ? rest.slice(2) : rest).replace(/[?#].*$/s, ''))
  if (path === undefined) return `${cannotOpen} parse "${text}": invalid URL escape`
  const folder = resolve(cwd, path)
  try {
    readdirSync(folder)
    return { path: folder }
  } catch (error) {
    return `${cannotOpen} open .: ${why((error as NodeJS.ErrnoException).code)}`
  }
}

function why(code: string | undefined): string {
  if (code === 'ENOENT') return 'no such file or directory'
  if (code === 'ENOTDIR') return 'not a directory'
  return code === 'EACCES' ? 'permission denied' : String(code)
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
