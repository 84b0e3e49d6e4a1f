import { spawn, spawnSync } from 'node:child_process'
import { delimiter } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from './in-process.ts'
import { folderOf, shopFiles, skein } from './kit.ts'
import { commands } from '../under-test.ts'
import { onTerminal } from './terminal.ts'

const folder = folderOf({
  ...shopFiles('shop'),
  ...shopFiles('wallet'),
  'skein.yaml':
    'database: ${NOBODY_SET_THIS}\nservices:\n  shop: { path: shop }\n  wallet: { path: wallet, aliases: [purse] }\nenvironments:\n  production: {}\n',
  'notes.dump': '',
})

/** The real commands, as a person has them. */
const path = [commands, process.env['PATH']].join(delimiter)

/** The words that are offered behind these, without what is said of them. */
async function offered(words: readonly string[], cwd = folder): Promise<string[]> {
  const ran = await inProcess(cwd, ['complete', '--', ...words])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  return ran.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t', 1)[0] as string)
}

describe('what is offered', () => {
  it.each<[string[], string[]]>([
    [['sta'], ['status']],
    [['rollb'], ['rollback']],
    [
      ['up', '--wi'],
      ['--with-needs', '--with-dependants'],
    ],
    [['up', '--json', '--js'], []],
    [
      ['up', ''],
      ['shop', 'wallet', 'purse'],
    ],
    [
      ['up', 'shop', ''],
      ['wallet', 'purse'],
    ],
    [['--json', 'up', 'w'], ['wallet']],
    [['up', '-d', 'postgres://x', 'w'], ['wallet']],
    [['up', '--env', ''], ['production']],
    [['up', '--env=p'], ['--env=production']],
    [
      ['tables', '--format', ''],
      ['human', 'json', 'markdown'],
    ],
    [['tables', '--format=m'], ['--format=markdown']],
    [['goto', 'sh'], ['shop']],
    [
      ['goto', 'shop', ''],
      ['1', '2', 'none'],
    ],
    [
      ['goto', 'purse', ''],
      ['1', '2', 'none'],
    ],
    [
      ['goto', 'shop@'],
      ['shop@1', 'shop@2'],
    ],
    [['goto', 'shop', '2', ''], []],
    [
      ['mark', 'shop', ''],
      ['1', '2'],
    ],
    [
      ['wait', '--for', ''],
      ['server', 'schema', 'shop@', 'wallet@'],
    ],
    [
      ['wait', '--for', 'shop@'],
      ['shop@1', 'shop@2'],
    ],
    [
      ['embedded', 'st'],
      ['start', 'stop', 'status'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['help', 'conn'], ['connections']],
    [
      ['help', 'LOCK-'],
      ['LOCK-HELD', 'LOCK-TIMEOUT', 'LOCK-LOST'],
    ],
    [['as', 'di'], ['diesel']],
    [['as', 'diesel', 'migration', ''], [':files']],
    [['run', '--up', '--', 'no'], [':files']],
    [['restore', ''], [':files']],
    [['up', '--plan', ''], [':files']],
    [['new', 'shop', ''], []],
    [['nonsense', ''], []],
  ])('%j', async (words, expected) => expect(await offered(words)).toEqual(expected))

  it('every verb, and none that is hidden', async () => {
    const verbs = await offered([''])
    expect(verbs).toEqual(expect.arrayContaining(['status', 'up', 'completion', 'help']))
    expect(verbs).not.toEqual(expect.arrayContaining(['complete']))
    expect(verbs).not.toContain('standing')
  })

  it('where there is but one service it may be left out', async () => {
    expect(await offered(['goto', ''], folderOf(shopFiles()))).toEqual(expect.arrayContaining(['1', '2', 'none']))
  })

  it('a workspace that cannot be read, and none: verbs and options, and no word about it', async () => {
    for (const cwd of [folderOf({ 'skein.yaml': '{{{' }), folderOf({})]) {
      expect(await offered(['up', ''], cwd)).toEqual([])
      expect(await offered(['up', '--dry'], cwd)).toEqual(['--dry-run'])
      expect(await skein(cwd, ['complete', '--line', 'skein up sh'])).toEqual({ code: 0, stdout: '', stderr: '' })
    }
  })

  it('another workspace file is the one of the line', async () => {
    expect(await offered(['up', '-f', folder, 'w'], folderOf({}))).toEqual(['wallet'])
  })

  it('a shell that nobody knows', async () => {
    expect(await inProcess(folder, ['completion', 'tcsh'])).toMatchObject({ code: 2, stderr: expect.stringContaining('bash, zsh, fish') })
  })
})

/** Runs a script in a real shell with the workspace as its folder and skein on its PATH. */
async function inShell(command: readonly string[], script: string): Promise<string> {
  const child = spawn(command[0] as string, [...command.slice(1), script], {
    cwd: folder,
    env: { PATH: path, HOME: folder, LANG: 'C.UTF-8' },
  })
  let [out, errors] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (errors += chunk))
  await new Promise((done) => child.once('close', done))
  expect(errors).toBe('')
  return out
}

describe('bash', () => {
  /** What COMPREPLY is with the cursor at the end of a line; `words` as bash cuts them. */
  const reply = async (line: string, words: readonly string[]) =>
    (
      await inShell(
        ['bash', '--norc', '-c'],
        `source <(skein completion bash)
complete -p skein
COMP_LINE=${quoted(line)} COMP_POINT=\${#COMP_LINE} COMP_WORDS=(${words.map(quoted).join(' ')}) COMP_CWORD=${words.length - 1}
_skein skein 2>&1; printf '<%s>\\n' "\${COMPREPLY[@]}"`,
      )
    )
      .trimEnd()
      .split('\n')

  it.each<[string, string[], string[]]>([
    ['skein sta', ['skein', 'sta'], ['<status>']],
    ['skein up ', ['skein', 'up', ''], ['<shop>', '<wallet>', '<purse>']],
    ['skein goto shop@', ['skein', 'goto', 'shop', '@'], ['<1>', '<2>']],
    ['skein goto shop@2', ['skein', 'goto', 'shop', '@', '2'], ['<2>']],
    ['skein up --env=p', ['skein', 'up', '--env', '=', 'p'], ['<production>']],
    ['echo x; skein restore no', ['skein', 'restore', 'no'], ['<notes.dump>']],
  ])('%s', async (line, words, expected) => {
    expect(await reply(line, words)).toEqual(['complete -F _skein skein', ...expected])
  })

  it('a person who presses TAB', async () => {
    const screen = await typing(
      ['bash', '--norc', '-i'],
      'PS1="> "; source <(skein completion bash); echo re""ady\r',
      'skein goto sh\t',
      'shop ',
    )
    expect(screen).toMatch(/> skein goto shop/)
  })
})

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0

describe('zsh', () => {
  it.skipIf(!has('zsh'))('a person who presses TAB (not run: needs zsh)', async () => {
    const ready = 'autoload -Uz compinit; compinit -u -D; source <(skein completion zsh); PS1="> "; echo re""ady\r'
    expect(await typing(['zsh', '-f', '-i'], ready, 'skein goto sh\t', 'shop ')).toMatch(/> skein goto shop/)
    const listed = await typing(['zsh', '-f', '-i'], ready, 'skein goto shop \t\t', 'before the first')
    expect(listed).toMatch(/1 +-- create_items/)
    expect(listed).toMatch(/none +-- before the first/)
    expect(await typing(['zsh', '-f', '-i'], ready, 'skein wait --for wall\t', 'wallet@')).toMatch(/--for wallet@/)
  })
})

describe('fish', () => {
  it.skipIf(!has('fish'))('complete -C says what TAB would (not run: needs fish)', async () => {
    const ask = (line: string) => inShell(['fish', '--no-config', '-c'], `skein completion fish | source; complete -C ${quoted(line)}`)
    expect(await ask('skein sta')).toBe('status\twhat is applied where\n')
    expect((await ask('skein goto shop ')).split('\n').slice(0, 3)).toEqual(['1\tcreate_items', '2\tadd_price', 'none\tbefore the first'])
    expect(await ask('skein goto shop@')).toMatch(/^shop@1\tcreate_items\nshop@2\t/)
    expect(await ask('skein restore no')).toContain('notes.dump')
  })
})

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** What stands on the screen when a line was typed and `until` has come. */
async function typing(shell: readonly string[], first: string, line: string, until: string): Promise<string> {
  const { screen } = await onTerminal(shell, {
    cwd: folder,
    columns: 80,
    env: { PATH: path, HOME: folder, TERM: 'dumb' },
    typed: [
      ['[$#%>] ', first],
      ['ready\r\n[^>]*> ', line],
      [until, ''],
    ],
  })
  return screen.join('\n')
}
