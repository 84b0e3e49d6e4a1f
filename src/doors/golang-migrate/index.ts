import { createInterface } from 'node:readline'
import { type Door, doorPorts, type Surroundings } from '../door.ts'
import { parseArgv } from './argv.ts'
import { runDoor } from './run.ts'

/**
 * The command line of golang-migrate v4.19.1, words behind the program's name. Everything it says goes to stderr; exits with 0, 1, 2 for usage, 130 or 143
 * after a signal. Reads no environment but libpq's, as the tool. Source: golang-migrate v4.19.1 internal/cli/main.go.
 */
export const golangMigrate: Door = async (words, around) => {
  const terminal = {
    stderr: (text: string) => void around.stderr.write(text),
    answer: () => firstLine(around.stdin),
    clock: () => new Date(),
    signalled: () => around.signalled(),
    version: `4.19.1 (skein ${around.version})`,
  }
  return runDoor(parseArgv(words), terminal, doorPorts(around, 'migrate'))
}

/** Without its end; empty at the end of the input. What is left of the input is nobody's: it would keep the process alive. */
async function firstLine(stdin: Surroundings['stdin']): Promise<string> {
  try {
    for await (const line of createInterface({ input: stdin })) return line
    return ''
  } finally {
    stdin.destroy()
  }
}
