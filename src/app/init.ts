import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SkeinError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import { fileNames } from '../workspace/find.ts'
import { findServices } from '../workspace/init/find-services.ts'
import { initText } from '../workspace/init-file.ts'
import { tools as knownTools } from '../workspace/tools.ts'
import { conclude, type InitAnswers } from './init/conclude.ts'

export interface InitResult {
  file: string
  text: string
  services: { name: string; path: string }[]
  written: boolean
}

/** Something that only a person knows; without an answer the file says so, or takes the usual. */
export interface InitQuestion {
  /** `database`, or the service whose tool is asked for. */
  about: { database: true } | { tool: string }
  text: string
  /** What may be answered; undefined: any text. */
  choices?: string[]
  /** What no answer means. */
  otherwise?: string
}

/**
 * Writes skein.yaml for what lies below the current folder: what can be told from files is concluded, with its reason as a comment. Asks nothing; a dry
 * run only says what it would write. Never overwrites. Throws USAGE when there is one, and for a tool or service that there is not.
 */
export async function init(request: InitAnswers & { dryRun?: boolean }, ports: Ports): Promise<InitResult> {
  refuseOverwriting(request, ports)
  refuseUnknown(request, ports)
  const found = await conclude(ports.cwd, request)
  const text = initText(found)
  if (request.dryRun !== true) writeFileSync(join(ports.cwd, fileNames[0]), text, { flag: 'wx' })
  return {
    file: fileNames[0],
    text,
    services: found.services.map(({ name, path }) => ({ name, path })),
    written: request.dryRun !== true,
  }
}

/** The questions that are worth asking before {@link init}, less those that are answered already. Throws what init throws. */
export async function initQuestions(request: InitAnswers & { dryRun?: boolean }, ports: Ports): Promise<InitQuestion[]> {
  refuseOverwriting(request, ports)
  refuseUnknown(request, ports)
  const { services, database } = await conclude(ports.cwd, request)
  const usual = database?.text ?? '${NAME_DATABASE_URL}, one for each'
  return [
    ...(request.database === undefined && services.length > 0
      ? [{ about: { database: true as const }, text: 'Where do the databases live: a URL, a variable, or embedded', otherwise: usual }]
      : []),
    ...services.flatMap(({ name, path, detection, tool }) => {
      if (detection.kind !== 'ambiguous' || tool !== undefined) return []
      return [
        { about: { tool: name }, text: `Which tool are the files in ${path} for`, choices: detection.candidates.map((one) => one.tool) },
      ]
    }),
  ]
}

function refuseOverwriting(request: { dryRun?: boolean }, ports: Ports): void {
  const there = fileNames.find((name) => existsSync(join(ports.cwd, name)))
  if (there === undefined || request.dryRun === true) return
  throw new SkeinError('USAGE', {
    message: `${there} is here already`,
    hint: 'look at what would be written: skein init --dry-run',
    place: { file: there },
  })
}

function refuseUnknown({ tools = {} }: InitAnswers, ports: Ports): void {
  if (Object.keys(tools).length === 0) return
  const names = findServices(ports.cwd).map((service) => service.name)
  for (const [service, tool] of Object.entries(tools)) {
    if (!names.includes(service))
      throw new SkeinError('USAGE', {
        message: `--tool: there is no service ${service} here`,
        hint: `found: ${names.join(', ') || 'none'}`,
      })
    if (!knownTools.has(tool))
      throw new SkeinError('USAGE', { message: `--tool: there is no tool ${tool}`, hint: `known: ${[...knownTools.keys()].join(', ')}` })
  }
}
