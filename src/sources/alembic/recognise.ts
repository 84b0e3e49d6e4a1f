import type { Folder } from '../../util/folder.ts'
import type { Recognition } from '../source.ts'
import { evidenceOf } from '../styles.ts'
import { revisionFile } from './script-folder.ts'

/**
 * 2 for a script folder: env.py beside `versions` or script.py.mako. 2 too for a folder of Python files that say `down_revision = …`, which no other
 * tool's do; 1 for the rest of a script folder. Reads a few files, by a search in their text.
 */
export function recognise(folder: Folder): Recognition {
  const entries = folder.entries()
  const has = (name: string) => entries.some((entry) => entry.name === name)
  const marks = ['env.py', 'script.py.mako', 'versions'].filter(has)
  if (has('env.py') && marks.length > 1) return { score: 2, evidence: marks }
  const python = entries.filter((entry) => entry.type === 'file' && revisionFile.test(entry.name)).map((entry) => entry.name)
  const revisions = evidenceOf(python).filter((name) => /^down_revision\b\s*[:=]/m.test(folder.text(name)))
  if (revisions.length > 0) return { score: 2, evidence: revisions }
  if (has('script.py.mako') || (has('versions') && isVersions(folder.folder('versions')))) return { score: 1, evidence: marks }
  return { score: 0, evidence: [] }
}

function isVersions(folder: Folder): boolean {
  try {
    const files = folder.entries().filter((entry) => entry.type === 'file' && revisionFile.test(entry.name))
    return files.slice(0, 3).some((entry) => /^down_revision\b\s*[:=]/m.test(folder.text(entry.name)))
  } catch {
    return false
  }
}
