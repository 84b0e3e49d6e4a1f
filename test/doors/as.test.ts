import { describe, expect, it } from 'vitest'
import { doors } from '../../src/doors/index.ts'
import { inProcess } from '../cli/in-process.ts'
import { skein } from '../cli/kit.ts'
import { temporaryFolder } from '../server.ts'

/** The verb that hands a command line over to a door. */
describe('skein as', () => {
  it('passes every word behind the tool on as it stands, also those that it knows itself', async () => {
    const folder = temporaryFolder()
    for (const words of [['--json'], ['--help'], ['--env-file', 'nowhere'], ['--', '--json'], ['migration', 'run', '--version']]) {
      const { code, stdout, stderr } = await inProcess(folder, ['as', 'diesel', ...words])
      expect(stdout === '' ? stderr : stdout).toMatch(/^(?:error: (?:unexpected argument|unrecognized subcommand)|Usage: diesel)/)
      expect(code).toBe(words[0] === '--help' ? 0 : 2)
    }
  })

  it('ends with the exit code of the tool, from a process of its own too', async () => {
    const folder = temporaryFolder()
    const ended = await skein(folder, ['as', 'diesel', 'migration', 'run'])
    expect(ended).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The --database-url argument must be passed, or the DATABASE_URL environment variable must be set.\n',
    })
    expect(await skein(folder, ['as', 'diesel', '-V'])).toEqual({ code: 0, stdout: 'diesel 2.2.12\n', stderr: '' })
  })

  it('says which tools have a door', async () => {
    const folder = temporaryFolder()
    const unknown = await inProcess(folder, ['as', 'liquibase', 'update'])
    expect([unknown.code, unknown.stdout]).toEqual([2, ''])
    expect(unknown.stderr).toContain(`there is no door for liquibase; these tools have one: ${Object.keys(doors).join(', ')}`)
    const help = await inProcess(folder, ['as', '--help'])
    expect(help.code).toBe(0)
    for (const name of Object.keys(doors)) expect(help.stdout).toContain(`  ${name} `)
    expect((await inProcess(folder, ['as'])).code).toBe(2)
  })

  it('has every door that it lists', async () => {
    for (const { load } of Object.values(doors)) expect(await load()).toBeTypeOf('function')
  })
})
