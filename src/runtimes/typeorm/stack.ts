import { fileURLToPath } from 'node:url'
import type { Place } from '../../model/errors.ts'

/** Files of these are nobody's fault but ours, TypeORM's or Node's. */
const foreign = [/node:/, /[\\/]node_modules[\\/]/, /[\\/]typeorm-child[\\/][a-z]+\.mjs/, /native\)$/]

/** The first frame of a stack that lies in one of these folders and in no package. Paths stay absolute. */
export function placeIn(stack: string, folders: readonly string[]): Place | undefined {
  for (const line of stack.split('\n')) {
    const place = frameOf(line)
    if (!place || foreign.some((each) => each.test(line))) continue
    if (folders.some((folder) => isWithin(folder, place.file))) return place
  }
  return undefined
}

/** A stack as the language prints it, without the frames of packages, of Node, and of the child itself. */
export function ownFrames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^\s+at /.test(line) || !foreign.some((each) => each.test(line)))
    .join('\n')
}

export function isWithin(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

/** `at async A.up (file:///path/x.ts:12:5)` and `at /path/x.ts:12:5`. */
function frameOf(line: string): Place | undefined {
  const found = /^\s+at (?:.*\()?(\/[^()]*|[A-Za-z]:[\\/][^()]*|file:\/\/[^()]*):(\d+):(\d+)\)?$/.exec(line)
  const [, path, row, column] = found ?? []
  if (path === undefined) return undefined
  const file = path.startsWith('file:') ? fileURLToPath(path) : path
  return { file, line: Number(row), column: Number(column) }
}
