import { realpathSync } from 'node:fs'
import type { Place } from '../../model/errors.ts'
import type { CodeFailure, RuntimeSpec } from '../runtime.ts'
import { installHint, show } from './find-package.ts'
import { locateSyntax } from './locate-syntax.ts'
import { missingPackage } from './missing-package.ts'
import { isWithin, ownFrames, placeIn } from './stack.ts'
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
    ...(place && { place: { ...place, file: showReal(spec.root, place.file) } }),
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
  return within(withReal(folders)) ?? within(withReal([folder, root])) ?? (told.file === undefined ? undefined : { file: told.file })
}

/** Node names files by their real paths; those of the workspace may lead over links. */
function withReal(folders: readonly string[]): string[] {
  return [...folders, ...folders.map(real)]
}

function showReal(root: string, file: string): string {
  return show(isWithin(real(root), file) ? real(root) : root, file)
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
