import type { Place } from '../../model/errors.ts'
import type { CodeFailure, RuntimeSpec } from '../runtime.ts'
import { show } from './find-package.ts'
import { locateSyntax } from './locate-syntax.ts'
import { ownFrames, placeIn } from './stack.ts'

/** An error as typeorm-child/describe.mjs tells it. */
export interface ToldError {
  stage: CodeFailure['stage']
  name: string
  message: string
  code?: string
  sqlstate?: string
  detail?: string
  hint?: string
  statement?: string
  stack?: string
  /** Stack of the place that sent the query. */
  call?: string
  /** The file that was being loaded. */
  file?: string
}

/** What an error of the child means: with the place in the migration's file, else in the service's own code, else the file that was loaded. */
export async function failureOf(told: ToldError, spec: RuntimeSpec, folder: string): Promise<CodeFailure> {
  const { stage, name, message, sqlstate, detail, hint, statement, stack } = told
  const place = await placeOf(told, spec, folder)
  return {
    stage,
    name,
    message: message.trim(),
    ...(place && { place: { ...place, file: show(spec.root, place.file) } }),
    ...(sqlstate !== undefined && { sqlstate }),
    ...(detail !== undefined && { detail }),
    ...(hint !== undefined && { hint }),
    ...(statement !== undefined && { statement }),
    ...(stack !== undefined && { stack: ownFrames(stack) }),
  }
}

async function placeOf(told: ToldError, { folders, root }: RuntimeSpec, folder: string): Promise<Place | undefined> {
  const stacks = [told.stack ?? '', told.call ?? '']
  const within = (where: readonly string[]) => stacks.map((stack) => placeIn(stack, where)).find((place) => place !== undefined)
  if (told.stage === 'load') {
    const syntax = await locateSyntax(told.message, told.file, folder)
    if (syntax) return syntax
  }
  return within(folders) ?? within([folder, root]) ?? (told.file === undefined ? undefined : { file: told.file })
}
