import { existsSync, realpathSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { inFolder, isFolder } from './find.ts'
import type { Environment } from './interpolate.ts'
import { namePattern, nameRule } from './names.ts'
import { type Problem, problemOf } from './problems.ts'
import { type ConfigFile, readConfig } from './read-config.ts'

/** A workspace file and the files it includes. */
export interface ConfigNode {
  file: ConfigFile
  /** Those that include it, outermost first; none for the first file. */
  outer?: readonly ConfigFile[]
  /** What the names of its services begin with: '' for the first file, `link/` for an included one. */
  prefix: string
  children: ConfigNode[]
  /** Of services that were detected: what the service column of a shared table says, by the name they were given. */
  values?: ReadonlyMap<string, string>
}

/**
 * Reads a workspace file and everything it includes, in order. Included files go to problems (CONFIG-INVALID at the line that includes them)
 * when they are missing, include each other in a circle, are reached twice, or have a folder whose name cannot begin a service's name.
 */
export async function readTree(path: string, root: string, env: Environment, problems: Problem[]): Promise<ConfigNode | undefined> {
  const seen = new Map<string, string>()
  return node(path, '', [], [])

  async function node(at: string, prefix: string, chain: readonly string[], outer: readonly ConfigFile[]): Promise<ConfigNode | undefined> {
    const file = await readConfig(at, root, env, problems)
    if (file === undefined) return undefined
    const here = realpathSync(at)
    seen.set(here, file.label)
    const children: ConfigNode[] = []
    for (const [index, include] of (file.config.include ?? []).entries()) {
      const child = await included(file, include, index, prefix, [...chain, here], [...outer, file], children)
      if (child !== undefined) children.push(child)
    }
    return { file, outer, prefix, children }
  }

  async function included(
    file: ConfigFile,
    include: string,
    index: number,
    prefix: string,
    chain: readonly string[],
    outer: readonly ConfigFile[],
    siblings: readonly ConfigNode[],
  ) {
    const place = file.placeOf(['include', index])
    const refuse = (message: string, hint?: string) => void problems.push({ code: 'CONFIG-INVALID', message, hint, place })
    try {
      const given = resolve(file.folder, include)
      const target = isFolder(given) ? (inFolder(given) ?? join(given, 'skein.yaml')) : given
      if (!existsSync(target))
        return refuse(`the included file ${include} does not exist`, 'paths in include are relative to the file that says them')
      const real = realpathSync(target)
      if (chain.includes(real))
        return refuse(
          `files include each other in a circle: ${[...chain.slice(chain.indexOf(real)), real].map((one) => seen.get(one) ?? one).join(' → ')}`,
        )
      if (seen.has(real)) return refuse(`${include} is included twice`, 'a service can have one name only; include the file in one place')
      const name = basename(resolve(target, '..'))
      if (!namePattern.test(name)) return refuse(`the services of ${include} would be called "${name}/…": ${nameRule}`, 'rename the folder')
      const own = `${prefix}${name}/`
      if (siblings.some((sibling) => sibling.prefix === own))
        return refuse(`two included files are in folders called ${name}, so their services would share names`, 'rename one of the folders')
      return await node(target, own, chain, outer)
    } catch (error) {
      problems.push(problemOf(error, place))
      return undefined
    }
  }
}

/** A node and all below it, itself first. */
export function flatten(node: ConfigNode): ConfigNode[] {
  return [node, ...node.children.flatMap(flatten)]
}
