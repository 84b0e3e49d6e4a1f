import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { sqlFile } from '../../util/folder.ts'
import { nodesOf } from './nodes-of.ts'
import { type Statement, parseModule } from './parse-module.ts'

/** A program that imports more than this from its own files is hashed no further. */
const most = 300

const endings = ['', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js']

/**
 * The files of their own project that modules import, directly or through others, with the modules themselves; absolute paths, sorted. What a
 * computed value is made of lies in them. Packages, aliases of tsconfig.json and computed imports are not followed. Throws SOURCE-UNREADABLE.
 */
export function withLocalImports(paths: readonly string[]): string[] {
  const found = new Set(paths)
  for (const path of found) {
    if (found.size > most || path.endsWith('.json')) continue
    const parsed = parseModule(sqlFile(path, path).text(), path)
    if ('why' in parsed) continue
    for (const name of namesOf(parsed.statements)) {
      const file = name.startsWith('.') ? fileOf(resolve(dirname(path), name)) : undefined
      if (file !== undefined) found.add(file)
    }
  }
  return [...found].sort()
}

/** What a module imports, in any form, by the texts that it writes. */
function namesOf(statements: readonly Statement[]): string[] {
  return [...nodesOf(statements)].flatMap((node) => {
    const { type, source, callee, expression } = node as Partial<
      Record<'source' | 'callee' | 'expression', { type: string; name?: string }>
    > &
      typeof node
    if (type === 'TSExternalModuleReference') return textOf(expression)
    if (/^(?:Import|Export)/.test(type)) return textOf(source)
    const loads = type === 'CallExpression' && (callee?.type === 'Import' || (callee?.type === 'Identifier' && callee.name === 'require'))
    return loads ? textOf((node as { arguments?: { type: string }[] }).arguments?.[0]) : []
  })
}

function textOf(node: { type: string } | undefined): string[] {
  return node?.type === 'StringLiteral' ? [(node as { value?: string }).value ?? ''] : []
}

/** TypeScript lets `./x.js` stand for x.ts. */
function fileOf(path: string): string | undefined {
  const bases = [path, path.replace(/\.([cm]?)js$/, '.$1ts')]
  return bases.flatMap((base) => endings.map((ending) => base + ending)).find((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
}
