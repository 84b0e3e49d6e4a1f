import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { isAbsolute, resolve } from 'node:path'
import type { Place } from '../../model/errors.ts'

/**
 * Where a file cannot be read as JavaScript or TypeScript, as the error says it (tsx, ts-node) or as our own parser finds it: Node and oxc
 * name no line. `file` is the one that was being loaded. Undefined when there is no such mistake. Paths are absolute; columns count from 1.
 */
export async function locateSyntax(message: string, file: string | undefined, folder: string): Promise<Place | undefined> {
  // esbuild: `/path/x.ts:4:14: ERROR: …`; TypeScript: `src/x.ts(4,15): error …`, with colours on `src/x.ts:4:15 - error …`.
  const told = /^(.+?)(?:\((\d+),(\d+)\)|:(\d+):(\d+))(?:: ERROR:|: error| - error)/m.exec(message)
  if (told) {
    const [, path = '', ...numbers] = told
    const [line, column] = numbers.filter((each) => each !== undefined).map(Number)
    const isEsbuild = message.includes(': ERROR:')
    return { file: absolute(path.trim(), folder), line, column: (column ?? 0) + (isEsbuild ? 1 : 0) }
  }
  const parsed = /^Failed to parse (.+?): /.exec(message)?.[1]
  const suspect = parsed === undefined ? file : absolute(parsed, folder)
  return suspect === undefined ? undefined : parseFor(suspect)
}

async function parseFor(file: string): Promise<Place | undefined> {
  const { parse } = await import('@babel/parser')
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    const typescript = /\.[cm]?ts$/.test(file) ? (['typescript'] as const) : []
    parse(text, { sourceType: 'unambiguous', allowReturnOutsideFunction: true, plugins: [...typescript, 'decorators-legacy'] })
    return undefined
  } catch (error) {
    const { line, column } = (error as { loc?: { line: number; column: number } }).loc ?? {}
    return line === undefined || column === undefined ? undefined : { file, line, column: column + 1 }
  }
}

function absolute(path: string, folder: string): string {
  if (path.startsWith('file:')) return fileURLToPath(path)
  return isAbsolute(path) ? path : resolve(folder, path)
}
