import { styleOf, type Style } from '../report/style.ts'
import { hasColour, type Context } from './context.ts'
import type { CommonOptions } from './options.ts'

/** Prints a verb's result: JSON as it is, or the words of a report page, on stdout. */
export function print<Result>(
  context: Context,
  options: CommonOptions,
  result: Result,
  human: (result: Result, style: Style) => string,
): void {
  if (options.json === true) context.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else context.stdout.write(human(result, styleOf(hasColour(context, context.stdout))))
}
