import { annotatedMaking } from '../new-annotated.ts'
import type { Making } from '../new-files.ts'
import { parseName, parseVersion } from './name.ts'

/** Five digits where there is nothing yet: what `goose create -s` writes (v3.26.0 create.go, seqVersionTemplate). */
export const making: Making = annotatedMaking({
  parse: parseName,
  parseVersion,
  first: 5,
  mark: /^--.*\+goose\s+up\b/im,
  join: (up, down, alone) => `${alone ? '-- +goose NO TRANSACTION\n' : ''}-- +goose Up\n${up}\n-- +goose Down\n${down}`,
})
