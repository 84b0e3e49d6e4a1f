import { type Making, takenBack } from '../new-files.ts'
import { pairMaking } from '../new-pair.ts'
import { parseName, parseVersion } from './name.ts'

/** Three digits, and the three lines on top that generators of such runners write. A template that has them keeps its own. */
export const making: Making = pairMaking({ parse: parseName, parseVersion, first: 3, header })

function header(text: string, { description, label, direction }: { description: string; label: string; direction: 'up' | 'down' }): string {
  if (/^\s*--\s*Migration:/im.test(text)) return text
  const sentence = direction === 'up' ? description : takenBack(description)
  const version = direction === 'up' ? label : `${label} (DOWN)`
  return `-- Migration: ${sentence}\n-- Version: ${version}\n-- Description: ${sentence}\n${text === '' ? '' : `\n${text}`}`
}
