import { wrapLines } from '../report/fit.ts'
import type { Style } from '../report/style.ts'
import { styleIn, type Context } from './context.ts'
import type { CommonOptions } from './options.ts'

/** Prints a verb's result: JSON as it is, or the words of a report page, on stdout. */
export function print<Result>(
  context: Context,
  options: CommonOptions & { dryRun?: boolean; format?: string },
  result: Result,
  human: (result: Result, style: Style) => string,
): void {
  if (options.json === true) context.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else {
    const style = styleIn(context, context.stdout)
    const text = human(result, style)
    // SQL, files and pages for other programs are shown as they are: a line that is broken for reading would be another one when it is copied.
    const asItIs = options.dryRun === true || !['human', 'text', undefined].includes(options.format)
    context.stdout.write(style.width === undefined || asItIs ? text : wrapLines(text, style.width))
  }
}
