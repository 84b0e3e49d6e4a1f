import { execFileSync } from 'node:child_process'
import { it } from 'vitest'
import { server } from '../../test/server.ts'
it('makes', async () => {
  const on = await server()
  console.log(execFileSync('node', ['src/histories/__fixtures__/make-typeorm.mjs', on.url('postgres')], { encoding: 'utf8' }))
})
