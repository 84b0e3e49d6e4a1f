import { lstatSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { type Folder, openFolder } from '../../util/folder.ts'
import { detectTool } from '../detect.ts'
import { distinctName, nameFrom, tellingPart } from '../names.ts'
import type { InitService } from './init-service.ts'

/** Folders that hold other people's files, or ours from a build. */
const skipped = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'target',
  'vendor',
  'bower_components',
  '__pycache__',
  'venv',
  'site-packages',
  'testdata',
  '__fixtures__',
])

const deepest = 6

/**
 * The migrations folders that lie at most six folders below `cwd`, by their file names alone. Folders that cannot be read are passed over. `enough` ends the
 * search early, where somebody only wants to know whether there is something.
 */
export function findServices(cwd: string, enough: () => boolean = () => false): InitService[] {
  const root = resolve(cwd)
  const services: InitService[] = []
  walk(openFolder(root, root), 0)
  return services

  function walk(folder: Folder, depth: number): void {
    if (enough()) return
    let found: InitService | undefined
    let inner: string[] = []
    try {
      found = look(folder)
      if (found === undefined) inner = folders(folder)
    } catch {
      return
    }
    if (found !== undefined) services.push(found)
    else if (depth < deepest) for (const name of inner) walk(folder.folder(name), depth + 1)
  }

  function look(folder: Folder): InitService | undefined {
    const detection = detectTool([folder])
    if (detection.kind === 'none') return undefined
    const path = relative(root, folder.path).split(sep).join('/')
    const telling = tellingPart(path) ?? tellingPart(root)
    const name = nameFrom(telling)
    const parent = basename(dirname(folder.path))
    const taken = new Set(services.map((service) => service.name))
    return {
      name: taken.has(name) ? distinctName(nameFrom(`${parent}-${name}`), taken) : name,
      path: path === '' ? '.' : path,
      folder: telling ?? name,
      detection,
      aliases: [],
      needs: [],
      remarks: [],
    }
  }
}

// A link may lead back up; real folders cannot. Links to folders are left to the person who writes the file.
function folders(folder: Folder): string[] {
  return folder
    .entries()
    .filter((entry) => entry.type === 'folder' && !entry.name.startsWith('.') && !skipped.has(entry.name))
    .map((entry) => entry.name)
    .filter((name) => !lstatSync(join(folder.path, name)).isSymbolicLink())
}
