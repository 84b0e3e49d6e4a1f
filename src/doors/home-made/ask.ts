import { createInterface } from 'node:readline/promises'
import type { Surroundings } from '../door.ts'

/** Whether somebody at the terminal says yes; undefined where nobody sits there. */
export async function ask({ stdin, stderr, signal }: Surroundings, question: string): Promise<boolean | undefined> {
  if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined
  stderr.write(question)
  const asking = createInterface({ input: stdin })
  const answer = await asking.question('', { signal }).finally(() => asking.close())
  return /^y(es)?$/i.test(answer.trim())
}
