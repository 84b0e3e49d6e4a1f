/** Which build of the commands the tests run: bin/ of this checkout, or, with SKEIN_UNDER_TEST=path, the `skein` there and the commands beside it. */
import { dirname, join, resolve } from 'node:path'

const given = process.env.SKEIN_UNDER_TEST

/** Undefined for bin/ of this checkout. */
export const underTest: string | undefined = given === undefined || given === '' ? undefined : resolve(given)

/** The folder of the commands, for a PATH. */
export const commands: string = underTest === undefined ? join(import.meta.dirname, '..', 'bin') : dirname(underTest)

/** The words that start `skein`: this Node and its script, or the program itself. */
export const skeinProgram: readonly [string, ...string[]] =
  underTest === undefined ? [process.execPath, join(commands, 'skein')] : [underTest]
