import { execFileSync } from 'node:child_process'
import { it } from 'vitest'
import { freshDatabase } from '../../test/server.ts'
import { alembicPython } from '../../test/tools.ts'
it('makes', async () => {
  const db = await freshDatabase()
  console.log(db.url)
  console.log(execFileSync(alembicPython(), ['src/histories/__fixtures__/make-alembic.py', db.url], { encoding: 'utf8' }))
}, 60000)
