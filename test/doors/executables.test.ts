import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyOf } from '../platforms/examples.ts'
import { freshDatabase, temporaryFolder } from '../server.ts'
import { alembicPython, tool } from '../tools.ts'
import { commands, skeinProgram, underTest } from '../under-test.ts'
import { migrateMask } from './masks.ts'
import { type Ended, runMigrate } from './run-migrate.ts'
import { place } from './speak.ts'

const [node, ...script] = skeinProgram

/** `skein as TOOL …` as a process. */
function as(name: string, words: readonly string[], how: Parameters<typeof runMigrate>[2]): Promise<Ended> {
  return runMigrate(node, [...script, 'as', name, ...words], how)
}

describe('the executables', () => {
  // The one-file program goes by its name in its own way, and brings its links along.
  it.skipIf(underTest !== undefined)('go by the name that they are called by', async () => {
    const folder = temporaryFolder()
    for (const [name, to] of [
      ['migrate', 'skein'],
      ['migrator', 'skein'],
      ['skein', 'migrate'],
      ['db-migrate', 'migrate'],
    ] as const)
      symlinkSync(join(commands, to), join(folder, name))
    const say = (name: string, ...words: string[]) => runMigrate(join(folder, name), words, { cwd: folder })
    expect(await say('migrate', '-version')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^4\.19\.1 \(skein /) })
    expect(await say('db-migrate', '-version')).toMatchObject({ code: 0, stderr: expect.stringMatching(/^4\.19\.1 \(skein /) })
    expect(await say('migrator', '-help')).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Usage of migrator:\n/) })
    expect(await say('skein', '--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^skein \d+\.\d+\.\d+/), stderr: '' })
  })

  it('are one: skein as numbered and skein as stamped speak the other two grammars', async () => {
    const folder = temporaryFolder()
    expect(await as('numbered', ['-action=up', '-nope'], { cwd: folder })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^flag provided but not defined: -nope\nUsage of migrate:\n/),
    })
    expect(await as('stamped', ['-action=up'], { cwd: folder })).toEqual({
      code: 2,
      stdout: '',
      stderr: '-service is required: a service, or all\n',
    })
  })

  it('skein as golang-migrate asks on stdin as the tool does', async () => {
    const play = async (run: (words: readonly string[], how: { cwd: string; stdin?: string }) => Promise<Ended>) => {
      const folder = temporaryFolder()
      const { url } = await freshDatabase()
      mkdirSync(join(folder, 'm'))
      writeFileSync(join(folder, 'm', '1_a.up.sql'), 'create table a ();')
      writeFileSync(join(folder, 'm', '1_a.down.sql'), 'drop table a;')
      const options = ['-path', 'm', '-database', url]
      const answers: Ended[] = []
      for (const [words, stdin] of [
        [['up'], ''],
        [['down'], 'n\n'],
        [['down'], 'y\nn\n'],
        [['version'], ''],
        [['drop'], 'y\n'],
        [['nope'], ''],
      ] as const)
        answers.push(await run([...options, ...words], { cwd: folder, stdin }))
      return answers.map((one) => ({ ...one, stderr: migrateMask(one.stderr, folder) }))
    }
    const ours = await play((words, how) => as('golang-migrate', words, how))
    const theirs = await play((words, how) => runMigrate(join(tool('golang-migrate'), 'migrate'), words, how))
    expect(ours).toEqual(theirs)
    expect(ours.map(({ code }) => code)).toEqual([0, 1, 0, 1, 0, 2])
  })

  it('scripts/migrate.sh asks on a terminal before it takes back everything', async () => {
    const where = await place({})
    const folder = join(where.folder, 'go-factory')
    cpSync(copyOf('go-factory'), folder, { recursive: true })
    writeFileSync(join(folder, 'skein.yaml'), readFileSync(join(folder, 'skein.yaml'), 'utf8').replace(/^database: .*\n/m, ''))
    const env = { ...where.env, PATH: `${commands}${delimiter}${process.env.PATH}` }
    const sh = (...words: string[]) => runMigrate(join(folder, 'scripts/migrate.sh'), words, { cwd: '/', env })
    expect(await sh('--action=up', '--service=all')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✓ 22 migrations applied in /),
    })
    expect(await sh('--action=down', '--service=all')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('add -yes, or look first with -dry-run'),
    })
    for (const [answer, left, code] of [
      ['n', 22, 1],
      ['y', 0, 0],
    ] as const) {
      const typed = await runMigrate(alembicPython(), ['-c', terminal, answer, join(folder, 'scripts/migrate.sh')], { cwd: '/', env })
      expect([typed.code, typed.stdout]).toEqual([code, expect.stringContaining('take back all 22 migrations of all services? [y/N] ')])
      expect(await where.query('select count(*)::int as left from schema_migrations')).toEqual([{ left }])
    }
  })
})

/** Runs `--action=down --service=all` of a script on a terminal of its own, types an answer when it is asked, and ends as it ends. */
const terminal = `
import os, pty, sys
pid, end = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], [sys.argv[2], "--action=down", "--service=all"])
said = b""
while True:
    try:
        more = os.read(end, 4096)
    except OSError:
        break
    if not more:
        break
    if b"[y/N] " in more and b"[y/N] " not in said:
        os.write(end, sys.argv[1].encode() + b"\\n")
    said += more
sys.stdout.buffer.write(said)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`
