import type { Service } from '../model/service.ts'
import { didYouMean } from '../util/nearest.ts'
import { type ConfigNode, flatten } from './config-tree.ts'
import { hasVariables, interpolate } from './interpolate.ts'
import { databaseForms, readDatabase } from './database.ts'
import { hooksOfFiles, hooksOfService } from './hooks.ts'
import { namePattern, nameRule } from './names.ts'
import { needsOf } from './needs.ts'
import type { Problem } from './problems.ts'
import { variableProblem } from './read-config.ts'
import { readService } from './read-service.ts'

/** The services of a workspace file and its included files, in the order of the files, with every default filled in. What is wrong goes to `problems`. */
export function servicesOf(tree: ConfigNode, root: string, environment: string | undefined, problems: Problem[]): Service[] {
  const services = new Map<string, Service>()
  const hooks = hooksOfFiles(tree, problems)
  for (const node of flatten(tree)) {
    checkNames(node, problems)
    checkDatabases(node, problems)
    for (const [short, entry] of Object.entries(node.file.config.services ?? {})) {
      const service = readService({ short, entry: entry ?? {}, node, root, environment }, problems)
      const own = [...(hooks.get(node) ?? []), ...hooksOfService(node, short, problems)]
      if (service === undefined) continue
      if (own.length > 0) service.hooks = own
      services.set(service.name, service)
    }
  }
  for (const node of flatten(tree))
    for (const short of Object.keys(node.file.config.services ?? {})) {
      const service = services.get(`${node.prefix}${short}`)
      const needs = needsOf(node, short, services, problems)
      if (service !== undefined) service.needs = needs
    }
  return [...services.values()]
}

/** Tiers in order, one list for each file that has some; called as `Service.tier` calls them (`link/core` in an included file). */
export function tiersOf(tree: ConfigNode): string[][] {
  return flatten(tree)
    .filter((node) => node.file.config.tiers !== undefined)
    .map((node) => (node.file.config.tiers ?? []).map((tier) => `${node.prefix}${tier}`))
}

/** Names and aliases: their form, that each is there once, and that each tier is one. */
function checkNames(node: ConfigNode, problems: Problem[]): void {
  const { config, placeOf } = node.file
  const taken = new Map<string, string>()
  const check = (name: string, owner: string, path: PropertyKey[], what: 'key' | 'value') => {
    const place = placeOf(path, what)
    const other = taken.get(name)
    if (!namePattern.test(name))
      problems.push({ code: 'CONFIG-INVALID', message: `"${name}" cannot be the name of a service`, hint: nameRule, place })
    else if (other !== undefined)
      problems.push({
        code: 'CONFIG-INVALID',
        message: `the name ${name} is taken by ${other} already`,
        hint: 'give each service names of its own',
        place,
      })
    else taken.set(name, owner)
  }
  for (const short of Object.keys(config.services ?? {})) check(short, short, ['services', short], 'key')
  for (const [short, entry] of Object.entries(config.services ?? {}))
    for (const [index, alias] of (entry?.aliases ?? []).entries()) check(alias, short, ['services', short, 'aliases', index], 'value')
  for (const [index, tier] of (config.tiers ?? []).entries()) {
    if (config.tiers?.indexOf(tier) !== index)
      problems.push({ code: 'CONFIG-INVALID', message: `the tier ${tier} is there twice`, place: placeOf(['tiers', index]) })
    if (tier.includes('/'))
      problems.push({ code: 'CONFIG-INVALID', message: `the tier ${tier} has a "/" in its name`, place: placeOf(['tiers', index]) })
  }
  for (const [short, entry] of Object.entries(config.services ?? {})) {
    if (entry?.tier === undefined || config.tiers?.includes(entry.tier)) continue
    const message = `services.${short}.tier: there is no tier ${entry.tier}${didYouMean(entry.tier, config.tiers ?? [])}`
    const hint =
      config.tiers === undefined ? 'list the tiers of this file in order, under tiers:' : `tiers of this file: ${config.tiers.join(', ')}`
    problems.push({ code: 'CONFIG-INVALID', message, hint, place: placeOf(['services', short, 'tier']) })
  }
}

/** What can be said of a database without the environment. */
function checkDatabases(node: ConfigNode, problems: Problem[]): void {
  const { config, placeOf } = node.file
  const check = (text: string | undefined, path: string[]) => {
    if (text === undefined) return
    const filled = interpolate(text, {})
    if ('problem' in filled && filled.problem === 'malformed') problems.push(variableProblem(filled, path.join('.'), placeOf(path)))
    if (hasVariables(text)) return
    const database = readDatabase('text' in filled ? filled.text : text)
    if (typeof database === 'string')
      problems.push({ code: 'CONFIG-INVALID', message: `${path.join('.')} ${database}`, hint: databaseForms, place: placeOf(path) })
  }
  check(config.database, ['database'])
  for (const [short, entry] of Object.entries(config.services ?? {})) check(entry?.database, ['services', short, 'database'])
}
