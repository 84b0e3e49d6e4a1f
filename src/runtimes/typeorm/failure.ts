import type { Place } from '../../model/errors.ts'
import type { CodeFailure, RuntimeSpec } from '../runtime.ts'
import { installHint, show } from './find-package.ts'
import { locateSyntax } from './locate-syntax.ts'
import { asGiven, real } from './real-path.ts'
import { missingPackage } from './missing-package.ts'
import { ownFrames, placeIn } from './stack.ts'
import type { ToldError } from './told-error.ts'

/** What an error of the child means: with the place in the migration's file, else in the service's own code, else the file that was loaded. */
export async function failureOf(told: ToldError, spec: RuntimeSpec, folder: string): Promise<CodeFailure> {
  const { stage, name, message, sqlstate, detail, statement, stack } = told
  const missing = missingPackage(told)
  const hint = missing === undefined ? told.hint : installHint([missing], folder, spec.root)
  const place = await placeOf(told, spec, folder)
  return {
    stage,
    name,
    message: message.trim(),
    ...(place && { place: { ...place, file: show(spec.root, asGiven(spec.root, place.file)) } }),
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
  return (
    within([...folders, ...folders.map(real)]) ??
    within([folder, root, real(folder), real(root)]) ??
    (told.file === undefined ? undefined : { file: told.file })
  )
}
