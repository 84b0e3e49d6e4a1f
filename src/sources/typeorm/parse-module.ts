import type { ParserOptions } from '@babel/parser'
import type { Place } from '../../model/errors.ts'

type Parser = typeof import('@babel/parser')

/** The statements of a module, and nodes in general, as @babel/parser gives them. */
export type Statement = ReturnType<Parser['parse']>['program']['body'][number]
export type Expression = Extract<Statement, { type: 'ExpressionStatement' }>['expression']
export type Class = Extract<Statement, { type: 'ClassDeclaration' }> | Extract<Expression, { type: 'ClassExpression' }>

/** A place as the parser counts it. */
export interface Position {
  line: number
  column: number
  index: number
}

export type Parsed = { statements: readonly Statement[] } | { why: string; place: Place }

let parser: Parser | undefined

/** Loads the parser, once: two thirds of a megabyte that only services in TypeScript and JavaScript need. */
export async function loadParser(): Promise<void> {
  if (parser !== undefined) return
  const loaded: Parser & { default?: Parser } = await import('@babel/parser')
  // CommonJS: in a bundle its exports are those of `default`.
  parser = loaded.default ?? loaded
}

/**
 * A TypeScript or JavaScript module as a syntax tree, or what is wrong with it and where. Nothing in it is run. Decorators are read in the form
 * that TypeScript compiles with `experimentalDecorators`, else in that of the standard. Needs {@link loadParser} first.
 */
export function parseModule(text: string, file: string): Parsed {
  const first = attempt(text, file, ['decorators-legacy'])
  if ('statements' in first) return first
  const second = attempt(text, file, ['decorators'])
  return 'statements' in second ? second : first
}

function attempt(text: string, file: string, decorators: NonNullable<ParserOptions['plugins']>): Parsed {
  if (parser === undefined) throw new Error('the parser of TypeScript is not loaded: call ready() before read()')
  try {
    const { program } = parser.parse(text, {
      sourceType: 'unambiguous',
      errorRecovery: false,
      // Node wraps a CommonJS module in a function.
      allowReturnOutsideFunction: true,
      plugins: ['typescript', 'decoratorAutoAccessors', 'explicitResourceManagement', ...decorators],
    })
    return { statements: program.body }
  } catch (error) {
    if (error instanceof RangeError) return { why: 'it is nested too deeply', place: { file } }
    if (!isSyntaxError(error)) throw error
    return {
      why: error.message.replace(/\.? ?\(\d+:\d+\)$/, ''),
      place: placeOf(text, error.loc, file),
    }
  }
}

/** A position of the parser, which counts columns from 0 in UTF-16 units, as ours. */
export function placeOf(text: string, at: Position, file: string): Place {
  return { file, line: at.line, column: Array.from(text.slice(at.index - at.column, at.index)).length + 1 }
}

function isSyntaxError(error: unknown): error is SyntaxError & { loc: Position } {
  return error instanceof SyntaxError && 'loc' in error
}
