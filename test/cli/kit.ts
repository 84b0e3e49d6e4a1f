/** For tests of the command line: real folders, the real program in a process of its own, a real database. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { connect, temporaryFolder } from '../server.ts'
import { skeinProgram } from '../under-test.ts'

export const examples = join(import.meta.dirname, '..', '..', 'examples')

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs `skein` in `cwd` with nothing in its environment but `env` (and a home without files), no terminal, and `input` on stdin. */
export async function skein(
  cwd: string,
  args: readonly string[],
  { env = {}, input = '', onStart }: { env?: NodeJS.ProcessEnv; input?: string; onStart?: (child: ChildProcess) => void } = {},
): Promise<Ran> {
  const [program, ...first] = skeinProgram
  const child = spawn(program, [...first, ...args], { cwd, env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  onStart?.(child)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}

/** Writes files below `root`, by relative path; a path that ends in `/` is an empty folder. */
export function writeFiles(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path)
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true })
    if (!path.endsWith('/')) writeFileSync(full, content)
  }
}

/** A new folder with these files in it. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const root = temporaryFolder()
  writeFiles(root, files)
  return root
}

/** What `up` must leave as it is when it refuses or fails: every relation with its rows, apart from Skein's own notes about runs. */
export async function stateOf(url: string): Promise<string[]> {
  const client = await connect(url)
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'v', 'i') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'skein') order by 1`,
    )
    const lines: string[] = []
    for (const { name } of tables) {
      const answer = await client
        .query<{ hash: string; rows: string }>(
          `select count(*)::text as rows, md5(string_agg(t::text, ',' order by t::text)) as hash from ${name} t`,
        )
        .catch(() => undefined)
      lines.push(`${name} ${answer?.rows[0]?.rows ?? ''} ${answer?.rows[0]?.hash ?? ''}`)
    }
    const ledger = await client
      .query<{ row: string }>(`select a::text as row from skein.applied a union all select j::text from skein.journal j order by 1`)
      .catch(() => undefined)
    return [...lines, ...(ledger?.rows.map(({ row }) => row) ?? [])]
  } finally {
    await client.end()
  }
}

/** Runs SQL on a connection of its own. */
export async function sql<Row extends object = Record<string, unknown>>(url: string, text: string): Promise<Row[]> {
  const client = await connect(url)
  try {
    const answer = (await client.query(text)) as { rows: Row[] } | { rows: Row[] }[]
    return Array.isArray(answer) ? (answer.at(-1)?.rows ?? []) : answer.rows
  } finally {
    await client.end()
  }
}

/** Two golang-migrate migrations with downs, in `path`. */
export function shopFiles(path = 'migrations'): Record<string, string> {
  return {
    [`${path}/000001_create_items.up.sql`]: 'create table items (id bigint primary key, name text not null);\n',
    [`${path}/000001_create_items.down.sql`]: 'drop table items;\n',
    [`${path}/000002_add_price.up.sql`]: 'alter table items add column price numeric not null default 0;\n',
    [`${path}/000002_add_price.down.sql`]: 'alter table items drop column price;\n',
  }
}
