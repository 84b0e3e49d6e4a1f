/** Trees made of what real trees are full of and naive code stumbles over. Each is in the files of one tool; oddities.ts says what is in which. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf } from '../../cli/kit.ts'
import { alembicPython, tool } from '../../tools.ts'
import type { Place, RealTool, ToolInTests } from '../real-tools.ts'

/** A tree as it is told here. */
export interface OddTree {
  name: string
  tool: ToolInTests
  /** Below the workspace; a path that ends in `/` is an empty folder. */
  files: Readonly<Record<string, string>>
  /** Of the migrations, below the workspace; the first one where several are one history. */
  path: string
  /** Further lines of the service in the workspace file. */
  yaml?: readonly string[]
  /** How many migrations the tool sees in it. */
  count: number
  /** The versions whose down is missing, empty or a comment. */
  hollow?: readonly string[]
  /** The tool as this tree wants it driven. */
  real: RealTool
  /** What is in the database before anyone comes. */
  before?: (url: string) => string
  /** What the files read from the environment. */
  env?: Readonly<Record<string, string>>
  /** Tables in which a row says when it came: their rows are counted only. */
  rowless?: readonly string[]
}

/** A tree in a workspace of its own. */
export interface MadeTree extends OddTree {
  root: string
  place: (url: string) => Place
}

/** Writes it down. */
export function make(odd: OddTree): MadeTree {
  const code = { typeorm: [], alembic: [`runtime: { python: ${JSON.stringify(alembicPython())} }`] }[odd.tool as string] ?? []
  const paths = odd.yaml?.some((line) => line.startsWith('path:')) === true ? [] : [`path: ${odd.path}`]
  const lines = [...paths, `tool: ${odd.tool}`, 'out-of-order: run', ...code, ...(odd.yaml ?? [])]
  const yaml = `services:\n  app:\n${lines.map((line) => `    ${line}\n`).join('')}`
  const root = folderOf({ 'skein.yaml': yaml, ...odd.files })
  if (odd.tool === 'typeorm') symlinkSync(join(tool('typeorm-0.3'), 'node_modules'), join(root, 'app', 'node_modules'), 'dir')
  return { ...odd, root, place: (url) => ({ folder: join(root, odd.path), service: join(root, 'app'), url }) }
}

/** Files below a folder. */
export function under(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))
}
