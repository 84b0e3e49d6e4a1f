import type { Making } from '../new-files.ts'
import { pairMaking } from '../new-pair.ts'
import { parseName, parseVersion } from './name.ts'

/** Six digits where there is nothing yet: what `migrate create -seq` writes (v4.19.1 internal/cli/main.go, defaultTimeFormat and digits). */
export const making: Making = pairMaking({ parse: parseName, parseVersion, first: 6 })
