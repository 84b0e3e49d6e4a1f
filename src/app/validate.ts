import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../model/finding.ts'
import type { Migration } from '../model/migration.ts'
import type { Ports } from '../model/ports.ts'
import { SkeinError } from '../model/errors.ts'
import { analyseSafely, loadParser } from '../sql/front.ts'
import type { FileFacts } from '../sql/facts.ts'
import { chosenFiles } from './chosen-files.ts'
import { orderFindings } from './file-graph.ts'
import { load, type LoadedService } from './load.ts'
import type { Request } from './request.ts'
import { trapsOf } from './traps.ts'

export interface ValidateResult {
  services: { name: string; tool: string; migrations: number }[]
  findings: Finding[]
  /** 2 with an error among them, else 0. */
  exit: number
}

export interface ValidateRequest extends Request {
  /** `names`: all but the content of files, none of which is read. `syntax`: their content alone. Neither: both. */
  only?: 'names' | 'syntax'
  /** Paths, from the current folder: what is said is about these and what they clash with; the content of no other file is read. Empty or undefined: all. */
  files?: readonly string[]
}

/**
 * Everything that can be said of files without a database: names, pairs, duplicates, gaps (by the sources), encoding, syntax with line and column,
 * and what each tool trips over; and of the workspace: needs, tiers, circles. Nothing is written, nothing is connected to. USAGE: one of `files` is not there.
 */
export async function validate(request: ValidateRequest, ports: Ports): Promise<ValidateResult> {
  refuseFiles(request, ports.cwd)
  const loaded = await load(request, ports)
  const chosen = chosenFiles(request.files ?? [], loaded, ports.cwd)
  const selected = loaded.all.filter((one) => loaded.selected.has(one.service.name))
  await loadParser()
  const names: Finding[] = [...orderFindings(loaded)]
  const syntax: Finding[] = []
  for (const one of selected) {
    for (const finding of one.findings) (finding.rule.endsWith('-SYNTAX') ? syntax : names).push(finding)
    if (request.only === 'names') continue
    for (const migration of one.migrations) syntax.push(...(await checkMigration(one, migration, chosen.has)))
  }
  const findings = [...(request.only === 'syntax' ? [] : names), ...(request.only === 'names' ? [] : syntax)].filter(chosen.concerns)
  return {
    services: selected.map((one) => ({ name: one.service.name, tool: one.service.tool, migrations: one.migrations.length })),
    findings,
    exit: findings.some((finding) => finding.severity === 'error') ? 2 : 0,
  }
}

/** `skein validate migrations/3.up.sql` means that file, and words are services. */
function refuseFiles(request: ValidateRequest, cwd: string): void {
  const file = request.services.find((word) => /[/.]/.test(word) && existsSync(join(cwd, word)))
  if (file === undefined) return
  throw new SkeinError('USAGE', { message: `${file} is a path, not a service`, hint: `skein validate --files ${file}` })
}

async function checkMigration(one: LoadedService, migration: Migration, asked: (file: string) => boolean): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const direction of ['up', 'down'] as const) {
    const body = migration[direction]
    if (body?.kind !== 'sql' || !asked(body.file)) continue
    const about = { service: one.service.name, version: migration.version }
    let facts: FileFacts
    try {
      facts = await analyseSafely(body.raw())
    } catch (error) {
      if (!(error instanceof SkeinError)) throw error
      findings.push({
        rule: error.code,
        severity: 'error',
        message: error.message,
        remedy: error.details.hint,
        place: error.details.place,
        ...about,
      })
      continue
    }
    if (facts.error !== undefined) {
      findings.push({
        rule: facts.error.code,
        severity: facts.error.code === 'FILE-UNPARSED' || facts.error.code === 'FILE-TOO-LARGE-TO-PARSE' ? 'warning' : 'error',
        message: facts.error.message,
        remedy: facts.error.hint,
        place: { file: body.file, ...facts.error.place },
        ...about,
      })
    }
    findings.push(...trapsOf(one.service.tool, migration, direction, body, facts).map((finding) => ({ ...finding, ...about })))
    body.forget()
  }
  return findings
}
