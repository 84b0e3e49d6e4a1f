import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const files = readdirSync(import.meta.dirname).filter((name) => /^(?!.*(test|fixture)\.ts$).*\.ts$/.test(name))

// They take 26 and 12 ms to load: a service without skein.yaml, and --help, do without.
it.each(files)('%s loads yaml and zod only when they are needed, and reads no global', (name) => {
  const text = readFileSync(join(import.meta.dirname, name), 'utf8')
  expect(text).not.toMatch(/^import (?!type\b).*from '(?:yaml|zod)'/m)
  expect(text).not.toMatch(/process\.(?:env|cwd|argv|exit)/)
})
