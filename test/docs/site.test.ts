import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { pages, root } from './blocks.ts'

it('the site is built, with a page for each of docs/, and no link in it is dead', { timeout: 300_000 }, async () => {
  // It fails where a page is missing in the sidebar and where a link leads nowhere.
  await promisify(execFile)(process.execPath, [join(root, 'scripts/site.mjs')], { cwd: root, maxBuffer: 1 << 24 })
  const built = join(root, 'site/.vitepress/dist')
  const missing = pages()
    .filter((page) => page.startsWith('docs/'))
    .filter((page) => !existsSync(join(built, page.replace(/^docs\//, '').replace(/\.md$/, '.html'))))
  expect(missing).toEqual([])
  expect(readdirSync(join(built, 'assets')).length).toBeGreaterThan(10)
})
