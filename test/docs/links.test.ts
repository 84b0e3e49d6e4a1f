/** Every link between pages leads to a file that is there, and to a heading that it has. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { exampleFolders } from '../platforms/examples.ts'
import { pages, root } from './blocks.ts'

const all = [...pages(), 'bench/README.md', 'examples/README.md', ...exampleFolders().map((name) => `examples/${name}/README.md`)]

it.each(all)('%s', (page) => {
  const text = withoutCode(readFileSync(join(root, page), 'utf8'))
  const wrong = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return []
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? join(root, page) : join(root, dirname(page), decodeURIComponent(path))
    if (!existsSync(target)) return [`${link}: no such file`]
    if (anchor === undefined || statSync(target).isDirectory()) return []
    return anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? [] : [`${link}: no such heading`]
  })
  expect(wrong).toEqual([])
})

function withoutCode(text: string): string {
  return text.replaceAll(/^\s*```[^]*?^\s*```$/gm, '').replaceAll(/`[^`\n]*`/g, '``')
}

/** The anchors of headings, as GitHub and the site make them. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replaceAll(/^\s*```[^]*?^\s*```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  )
}
