import { Command } from 'commander'
import { expect, it } from 'vitest'
import { verbFirst } from './verb-first.ts'

const root = new Command('skein').addCommand(new Command('status').option('--json').option('-f, --file <path>'))

it.each([
  ['status --json', 'status --json'],
  ['--json status', 'status --json'],
  ['--file x --json status shop', 'status shop --file x --json'],
  ['-f x status', 'status -f x'],
  ['--file=x status', 'status --file=x'],
  ['--json embedded status', 'embedded status --json'],
  ['--help', '--help'],
  ['--help status', '--help status'],
  ['--version', '--version'],
  ['--json', 'standing --json'],
  ['', 'standing'],
])('%s → %s', (given, expected) => {
  const words = (text: string) => (text === '' ? [] : text.split(' '))
  expect(verbFirst(words(given), root)).toEqual(words(expected))
})
