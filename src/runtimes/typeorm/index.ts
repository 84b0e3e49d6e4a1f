import { shippedFile } from '../../util/shipped-file.ts'
import { type Child, ChildEnded, ChildRefused, startChild } from '../child.ts'
import { crashOf } from './crash.ts'
import type { CodeResult, CodeStep, Runtime, RuntimeFacts, RuntimeSpec } from '../runtime.ts'
import { failureOf } from './failure.ts'
import { findDatasource } from './find-datasource.ts'
import { findLoader } from './find-loader.ts'
import { findNode } from './find-node.ts'
import { findPackage } from './find-package.ts'
import { asGiven } from './real-path.ts'
import { refuseFacts } from './refuse-facts.ts'
import type { ToldError } from './told-error.ts'

/** In a folder of its own beside this file in src/, beside the bundle in dist/: scripts/build.mjs copies it. */
const program = new URL('typeorm-child/main.mjs', import.meta.url)

/**
 * A child that runs TypeORM migrations with the service's own packages, in its package's folder. What it needs is looked for here, so that
 * what is missing is said before anything starts. Throws RUNTIME-MISSING and RUNTIME-INVALID.
 */
export async function startTypeorm(spec: RuntimeSpec): Promise<Runtime> {
  const found = findPackage(spec)
  const datasource = findDatasource(spec, found.folder)
  const loader = findLoader(spec, found, datasource)
  const told = { folder: found.folder, datasource, toolVersion: found.toolVersion, transaction: spec.options.transaction }
  let backendPid: number | undefined
  const child = await startChild({
    service: spec.service,
    command: findNode(spec),
    args: [...loader, shippedFile(program), JSON.stringify(told)],
    cwd: found.folder,
    env: spec.env,
    onOutput: (line, stream) => spec.onOutput(line, stream),
    onEvent: (event, params) => {
      if (event === 'connected') backendPid = (params as { backendPid: number }).backendPid
    },
  })
  return runtimeOf(child, spec, found.folder, () => backendPid)
}

function runtimeOf(child: Child, spec: RuntimeSpec, folder: string, backendPid: () => number | undefined): Runtime {
  let killed = false
  return {
    pid: child.pid,
    get backendPid() {
      return backendPid()
    },
    async facts() {
      try {
        return factsOf((await child.call('facts')) as RuntimeFacts, spec.root)
      } catch (error) {
        throw await refuseFacts(error, spec, folder)
      }
    },
    async run(step) {
      const started = performance.now()
      const ms = () => Math.round(performance.now() - started)
      try {
        return await resultOf(await child.call('run', asJson(step)), spec, folder)
      } catch (error) {
        if (error instanceof ChildEnded) return { ok: false, ms: ms(), failure: crashOf(error.end, step, killed) }
        const told = error instanceof ChildRefused ? (error.error as ToldError) : unexpected(error)
        return { ok: false, ms: ms(), failure: await failureOf(told, spec, folder) }
      }
    },
    kill() {
      killed = true
      return child.kill()
    },
    end: () => child.end(),
  }
}

function factsOf(facts: RuntimeFacts, root: string): RuntimeFacts {
  const migrations = facts.migrations.map((each) => (each.file === undefined ? each : { ...each, file: asGiven(root, each.file) }))
  return { ...facts, migrations }
}

async function resultOf(answer: unknown, spec: RuntimeSpec, folder: string): Promise<CodeResult> {
  const result = answer as CodeResult & { failure: ToldError }
  return result.ok ? result : { ok: false, ms: result.ms, failure: await failureOf(result.failure, spec, folder) }
}

function unexpected(error: unknown): ToldError {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return { stage: 'crash', name, message }
}

/** JSON has no integers of 64 bits. */
function asJson(step: CodeStep): unknown {
  return { ...step, orphanKey: String(step.orphanKey) }
}
