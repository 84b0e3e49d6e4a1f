import { lstatSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { type Folder, openFolder } from '../util/folder.ts'
import { type Detection, detectTool } from './detect.ts'
import { distinctName, nameFrom, tellingPart } from './names.ts'

/** A migrations folder that `init` found. */
export interface InitService {
  name: string
  /** Relative to the workspace, forward slashes. */
  path: string
  /** The tool when the files say so; else what they say instead. */
  detection: Exclude<Detection, { kind: 'none' }>
}

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

/** The packaged JSON Schema, from a workspace in which the package is installed. */
const packagedSchema = './node_modules/skein-migrate/docs/reference/skein.schema.json'

/**
 * The workspace file that `init` writes in `cwd`, from what lies at most six folders below it: no question is asked and nothing is guessed;
 * where the files fit two tools both are written down, as comments. Writes nothing itself. Folders that cannot be read are passed over.
 * `schema` is what editors are pointed to, a path or a URL.
 */
export function initFile(cwd: string, schema: string = packagedSchema): { text: string; services: InitService[] } {
  const root = resolve(cwd)
  const services: InitService[] = []
  walk(openFolder(root, root), 0)
  return { text: fileText(services, schema), services }

  function walk(folder: Folder, depth: number): void {
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
    const name = nameFrom(tellingPart(path) ?? tellingPart(root))
    const parent = basename(dirname(folder.path))
    const taken = new Set(services.map((service) => service.name))
    return { name: taken.has(name) ? distinctName(nameFrom(`${parent}-${name}`), taken) : name, path: path === '' ? '.' : path, detection }
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

function fileText(services: readonly InitService[], schema: string): string {
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    '# The services of this workspace. Each keeps its own files and its own history table: delete this file and its tool goes on as before.',
    '',
    '# Where they live, unless a service says otherwise: a URL, a variable, or embedded for a PostgreSQL server that is started on demand.',
    'database: ${DATABASE_URL}',
    '',
    'services:',
    ...services.flatMap(serviceLines),
    ...(services.some((service) => service.detection.kind !== 'foreign') ? [] : exampleLines),
    '',
    '# A service that stands on others says so, and comes after them:   needs: [core, "tenant@20240101120000"]',
    '# Several that stand on several:                                   tiers: [core, services], and tier: core in each service',
    "# A table that is not called as the tool's own:                    table: wallet_schema_migrations",
    '',
  ]
  return lines.join('\n')
}

const exampleLines = [
  '  # No migrations that can be run were found below this folder. Name them yourself:',
  '  # wallet:',
  '  #   path: services/wallet/migrations',
]

function serviceLines({ name, path, detection }: InitService): string[] {
  const where = `path: ${yamlText(path)}`
  if (detection.kind === 'tool') return [`  ${name}:`, `    ${where}`, `    tool: ${detection.tool}`]
  if (detection.kind === 'foreign') return [`  # ${name}, in ${path}, is left to ${detection.tool}, which this version does not run`]
  const both = detection.candidates.map((candidate) => candidate.tool)
  return [
    `  ${name}:`,
    `    ${where}`,
    `    # The files fit ${both.join(' and ')}. Keep the line that is true:`,
    ...both.map((tool) => `    # tool: ${tool}`),
  ]
}

/** Plain where YAML cannot take it for something else, else in double quotes (JSON is YAML), with `${` kept from being a variable. */
function yamlText(text: string): string {
  const literal = text.replaceAll('${', () => '$${')
  return /^[A-Za-z./][A-Za-z0-9._/-]*$/.test(literal) && !/^(true|false|null|yes|no|on|off)$/i.test(literal)
    ? literal
    : JSON.stringify(literal)
}
