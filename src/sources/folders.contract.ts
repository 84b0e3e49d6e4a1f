import type { SqlFile } from '../model/migration.ts'
import { type Entry, type Folder, labelOf } from '../util/folder.ts'

/** A folder by its content: texts are files, `null` is something that is neither file nor folder. */
export interface Tree {
  [name: string]: string | null | Tree
}

/** A tree as a {@link Folder}, for tests that need many folders or names that a disk does not allow. Entries come sorted, as from a disk. */
export function treeFolder(tree: Tree, label = 'migrations'): Folder {
  const text = (name: string) => {
    const content = tree[name]
    if (typeof content !== 'string') throw new Error(`${label}/${name} is no file`)
    return content
  }
  return {
    path: `/${label}`,
    label,
    name: label.slice(label.lastIndexOf('/') + 1),
    entries: () =>
      Object.entries(tree)
        .map(([name, content]): Entry => ({ name, type: content === null ? 'other' : typeof content === 'string' ? 'file' : 'folder' }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    folder: (name) => {
      const content = tree[name]
      if (content === null || typeof content !== 'object') throw new Error(`${label}/${name} is no folder`)
      return treeFolder(content, labelOf(label, name))
    },
    file: (name) => textFile(text(name), labelOf(label, name)),
    text,
    size: (name) => Buffer.byteLength(text(name)),
  }
}

/** Files by name, each with one statement. */
export function treeOf(names: readonly string[]): Tree {
  return Object.fromEntries(names.map((name) => [name, 'select 1;\n']))
}

/** One look at a folder. */
export interface Access {
  kind: 'list' | 'read' | 'size'
  file: string
}

/** The same folder, with a record of every listing, reading and look at a size. `arrange` may put the entries in another order. */
export function watchedFolder(folder: Folder, log: Access[], arrange: (entries: Entry[]) => Entry[] = (entries) => entries): Folder {
  const note = (kind: Access['kind'], name?: string) =>
    log.push({ kind, file: name === undefined ? folder.label : labelOf(folder.label, name) })
  return {
    ...folder,
    entries: () => {
      note('list')
      return arrange([...folder.entries()])
    },
    folder: (name) => watchedFolder(folder.folder(name), log, arrange),
    file: (name) => watchedFile(folder.file(name), () => note('read', name)),
    text: (name) => {
      note('read', name)
      return folder.text(name)
    },
    size: (name) => {
      note('size', name)
      return folder.size(name)
    },
  }
}

function watchedFile(file: SqlFile, note: () => void): SqlFile {
  return {
    kind: 'sql',
    file: file.file,
    path: file.path,
    forget: () => file.forget(),
    raw: () => {
      note()
      return file.raw()
    },
    text: () => {
      note()
      return file.text()
    },
    sha256: () => {
      note()
      return file.sha256()
    },
  }
}

function textFile(text: string, file: string): SqlFile {
  return { kind: 'sql', file, path: `/${file}`, raw: () => Buffer.from(text), text: () => text, sha256: () => file, forget: () => {} }
}
