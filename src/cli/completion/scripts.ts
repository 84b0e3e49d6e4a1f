import { bash } from './bash.ts'
import { fish } from './fish.ts'
import { zsh } from './zsh.ts'

/** The shells that `skein completion` knows, with what each must read. To add one: a file beside these, and a line here. */
export const shells: Readonly<Record<string, string>> = { bash, zsh, fish }
