import pc from 'picocolors'

/** Colours and marks of human output; without a terminal all colours are plain text. */
export interface Style {
  /** Columns of the terminal; undefined where nothing has to fit, as in a pipe. */
  width?: number
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

export function styleOf(colour: boolean, width?: number): Style {
  const { bold, dim, red, green, yellow, cyan } = pc.createColors(colour)
  return { bold, dim, red, green, yellow, cyan, width }
}
