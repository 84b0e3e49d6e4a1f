/** A door without a process of its own, on the database that DB_HOST … name. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { Door } from '../../src/doors/door.ts'
import { connect, freshDatabase, temporaryFolder } from '../server.ts'

export interface Said {
  code: number
  stdout: string
  stderr: string
}

export interface Place {
  folder: string
  env: Record<string, string>
  /** Runs a line as it stands in a document, in a folder below; the program's name in front is left out. */
  say: (door: Door, line: string, how?: { in?: string; env?: NodeJS.ProcessEnv; answer?: string }) => Promise<Said>
  query: (sql: string) => Promise<Record<string, unknown>[]>
  write: (files: Readonly<Record<string, string>>) => void
}

/** A new folder with these files, and a new database. */
export async function place(files: Readonly<Record<string, string>>, folder = temporaryFolder()): Promise<Place> {
  const { url } = await freshDatabase()
  const env = variablesOf(url)
  const write: Place['write'] = (more) => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
  }
  write(files)
  return {
    folder,
    env,
    write,
    async say(door, line, how = {}) {
      const words = wordsOf(line).slice(1)
      let [stdout, stderr] = ['', '']
      const isTTY = how.answer !== undefined
      const code = await door(words, {
        stdout: { write: (text) => (stdout += text) },
        stderr: { write: (text) => (stderr += text), isTTY },
        stdin: Object.assign(Readable.from([`${how.answer ?? ''}\n`]), { isTTY }) as unknown as NodeJS.ReadStream,
        env: how.env ?? env,
        cwd: join(folder, how.in ?? '.'),
        signal: new AbortController().signal,
        signalled: () => undefined,
        version: '0.0.0',
      })
      return { code, stdout, stderr }
    },
    async query(sql) {
      const client = await connect(url)
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows
      } finally {
        await client.end()
      }
    },
  }
}

/** A URL as the six variables that home-made runners read. */
export function variablesOf(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  return {
    DB_HOST: searchParams.get('host') ?? decodeURIComponent(hostname),
    DB_PORT: searchParams.get('port') ?? port,
    DB_USER: decodeURIComponent(username),
    DB_PASSWORD: decodeURIComponent(password) || 'unused',
    DB_NAME: decodeURIComponent(pathname.slice(1)),
    DB_SSLMODE: 'disable',
  }
}

/** As a shell cuts them. */
export function wordsOf(line: string): string[] {
  return (line.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''))
}
