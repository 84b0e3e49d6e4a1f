import { statSync } from 'node:fs'
import { join } from 'node:path'

/** A page for a migration, where the service keeps pages in `docs/` beside its migrations. */
export function docsPage(folders: readonly string[], id: string, description: string): { path: string; text: string } | undefined {
  const docs = folders
    .map((folder) => join(folder, 'docs'))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
  if (docs === undefined) return undefined
  return { path: join(docs, `${id}.md`), text: `# ${id}\n\n${description}.\n` }
}
