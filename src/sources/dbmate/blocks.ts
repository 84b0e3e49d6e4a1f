import type { Sending } from '../../model/migration.ts'
import { type Cut, fromLine } from '../../util/file-piece.ts'
import type { Annotated, LineRemark } from '../annotated-layout.ts'

/** A line that begins a block. Blanks as Go's `\s` has them, which is ASCII only; a line ends at a line feed. */
const marker = /(?<![^\n])--[\t\n\f\r ]*migrate:(up|down)(?:[\t\n\f\r ]*(?![^\n])|[\t\n\f\r ]+[^\t\n\f\r ]+)/g

interface Marker {
  kind: string
  start: number
}

/**
 * The two blocks of a dbmate file, as dbmate 2.36.0 was seen to read them: each is sent whole, from its marker to the next one, in a transaction
 * unless the marker's line says transaction:false. What dbmate refuses is said with its own sentence. Pure.
 */
export function parseBlocks(text: string): Annotated {
  const markers = [...text.matchAll(marker)].map((match): Marker => ({ kind: match[1] ?? '', start: match.index }))
  const [up, down, third] = markers
  const first = markers.find(({ kind }) => kind === 'up')
  if (first === undefined) return refused("dbmate requires each migration to define an up block with '-- migrate:up'", 1)
  const stray = strayLine(text.slice(0, first.start))
  if (stray !== undefined) return refused("dbmate does not support statements preceding the '-- migrate:up' block", stray)
  if (up?.kind !== 'up') {
    return refused("dbmate requires every '-- migrate:down' to be preceded by a '-- migrate:up'", lineOf(text, up?.start ?? 0))
  }
  if (down?.kind !== 'down') {
    return refused("dbmate requires each migration to define a down block with '-- migrate:down'", lineOf(text, up.start))
  }
  if (third?.kind === 'down') {
    return refused("dbmate requires every '-- migrate:down' to be preceded by a '-- migrate:up'", lineOf(text, third.start))
  }
  if (third !== undefined) return { remarks: [pairs(lineOf(text, third.start))] }
  const sending = sendingOf(text, up)
  const downSending = sendingOf(text, down)
  return {
    parts: {
      up: cutOf(up, down),
      down: cutOf(down),
      sending,
      ...(downSending === sending ? {} : { downSending }),
    },
    remarks: [],
  }
}

function sendingOf(text: string, { start }: Marker): Sending {
  const line = text.slice(start).split('\n', 1)[0] ?? ''
  const options = line.split(/[\t\f\r ]+/).flatMap((word) => (/^transaction:[^:]*$/.test(word) ? [word] : []))
  return options.at(-1) === 'transaction:false' ? 'implicit' : 'always'
}

function cutOf({ start }: Marker, next?: Marker): Cut {
  return (text) => fromLine(text, start, next?.start)
}

/** The first line, from 1, that is neither empty nor a comment. */
function strayLine(before: string): number | undefined {
  const index = before.split('\n').findIndex((line) => !/^[\t\f\r ]*(?:--|$)/.test(line))
  return index === -1 ? undefined : index + 1
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function refused(says: string, line: number): Annotated {
  const remedy = 'write one block -- migrate:up, and behind it one block -- migrate:down'
  return { remarks: [{ rule: 'DBMATE-BLOCKS', severity: 'error', message: `dbmate cannot read it: "${says}"`, remedy, line }] }
}

function pairs(line: number): LineRemark {
  return {
    rule: 'DBMATE-PAIRS',
    severity: 'error',
    message: 'a second block -- migrate:up: dbmate runs each and writes the version twice, which fails after the first is done',
    remedy: 'move it to a migration of its own',
    line,
  }
}
