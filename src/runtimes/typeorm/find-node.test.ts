import { chmodSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/server.ts'
import { findNode } from './find-node.ts'

const spec = { service: 'app', options: {}, env: {} }

it('is the named one, else the one that runs us', () => {
  expect(findNode({ ...spec, options: { node: '/opt/node' } }, '1.4.5')).toBe('/opt/node')
  expect(findNode(spec)).toBe(process.execPath)
})

it('is the first on the PATH that can be run, where we are not run by one', () => {
  const [text, program] = [temporaryFolder(), temporaryFolder()]
  for (const folder of [text, program]) writeFileSync(join(folder, 'node'), '#!/bin/sh\n', { mode: 0o644 })
  chmodSync(join(program, 'node'), 0o755)
  expect(findNode({ ...spec, env: { PATH: ['', '/nonexistent', text, program].join(delimiter) } }, '1.4.5')).toBe(join(program, 'node'))
})

it('says what to do where there is none', () => {
  expect(() => findNode({ ...spec, env: { PATH: '/nonexistent' } }, '1.4.5')).toThrow(
    expect.objectContaining({
      code: 'RUNTIME-MISSING',
      details: expect.objectContaining({ hint: expect.stringContaining('runtime: { node: /path/to/node }') }),
    }),
  )
})
