import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/server.ts'
import { alembicPython } from '../../../test/tools.ts'
import type { RuntimeSpec } from '../runtime.ts'
import { findPython } from './find-python.ts'

/** A workspace with nothing in it, and a PATH with nothing on it but what is named. */
function workspace(options: Record<string, string> = {}) {
  const root = temporaryFolder()
  const folder = join(root, 'services', 'app', 'migrations')
  const path = join(root, 'path')
  for (const each of [folder, path]) mkdirSync(each, { recursive: true })
  const env: Record<string, string | undefined> = { PATH: `${path}:/usr/bin:/bin`, HOME: root }
  const spec: RuntimeSpec = { service: 'app', folders: [folder], root, options, env, onOutput: () => {} }
  const file = (name: string, text: string, mode = 0o755) => {
    const at = join(root, name)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, text)
    chmodSync(at, mode)
    return at
  }
  /** A Python that stands for the one with Alembic. */
  const python = (name: string) => file(name, `#!/bin/sh\nexec "${alembicPython()}" "$@"\n`)
  return { root, folder, spec, env, file, python, find: () => findPython(spec, folder) }
}

const looked = (why: string) => ({ code: 'RUNTIME-MISSING', message: expect.stringContaining(why) })

describe('findPython', () => {
  it('takes the environment of the service before that of the workspace', async () => {
    const { root, find } = workspace()
    const link = (name: string) => {
      mkdirSync(join(root, dirname(name)), { recursive: true })
      symlinkSync(dirname(dirname(alembicPython())), join(root, name))
    }
    link('venv')
    expect(await find()).toBe(join(root, 'venv/bin/python'))
    link('services/app/.venv')
    expect(await find()).toBe(join(root, 'services/app/.venv/bin/python'))
  })

  it('goes on to the next where one has no Alembic', async () => {
    const { root, env, python, find } = workspace()
    execFileSync(alembicPython(), ['-m', 'venv', '--without-pip', join(root, '.venv')])
    await expect(find()).rejects.toMatchObject(looked('.venv/bin/python (Python 3'))
    await expect(find()).rejects.toMatchObject(looked('has no alembic'))
    env.VIRTUAL_ENV = join(root, 'active')
    python('active/bin/python')
    expect(await find()).toBe(alembicPython())
  })

  it('asks poetry, uv and pipenv where the folder uses them', async () => {
    for (const [mark, text, program] of [
      ['services/app/poetry.lock', '', 'poetry'],
      ['services/app/pyproject.toml', '[tool.poetry]\n', 'poetry'],
      ['uv.lock', '', 'uv'],
      ['services/Pipfile', '', 'pipenv'],
    ] as const) {
      const { file, find } = workspace()
      file(mark, text)
      await expect(find()).rejects.toMatchObject(looked(`uses ${program}, which is not on PATH`))
      file(`path/${program}`, `#!/bin/sh\necho ${alembicPython()}\n`)
      expect(await find()).toBe(alembicPython())
      file(`path/${program}`, '#!/bin/sh\nexit 1\n')
      await expect(find()).rejects.toMatchObject(looked(`${program} `))
    }
  })

  it('takes python3 of PATH last', async () => {
    const { python, find } = workspace()
    python('path/python3')
    expect(await find()).toBe(alembicPython())
  })

  it('takes the one that is named, relative to the service or the workspace, or a command', async () => {
    const { root, python, spec } = workspace()
    python('services/app/migrations/py')
    python('tools/py')
    python('path/mypython')
    const find = (name: string) => findPython({ ...spec, options: { python: name } }, spec.folders[0] as string)
    for (const name of ['./py', 'tools/py', 'mypython', join(root, 'tools/py')]) expect(await find(name)).toBe(alembicPython())
    await expect(find('no/such/python')).rejects.toMatchObject(looked('does not exist'))
    await expect(find('nopython')).rejects.toMatchObject(looked('nopython is not on PATH'))
  })

  it('says what is wrong with a program', async () => {
    const { root, file, spec } = workspace()
    const find = (python: string) => findPython({ ...spec, options: { python } }, spec.folders[0] as string)
    const old = file('old', '#!/bin/sh\necho \'{"version": [3, 7, 16], "alembic": true, "executable": "/usr/bin/python"}\'\n')
    await expect(find(old)).rejects.toMatchObject(looked('is Python 3.7.16; 3.9 or newer is needed'))
    await expect(find(file('moved', '#!/gone/bin/python\n'))).rejects.toMatchObject(
      looked('starts with #!/gone/bin/python, and that program does not exist'),
    )
    await expect(find(file('plain', '#!/bin/sh\n', 0o644))).rejects.toMatchObject(looked('is not executable: chmod +x'))
    await expect(find(file('other', '#!/bin/sh\necho hello\n'))).rejects.toMatchObject(looked('is not a Python'))
    await expect(find(file('loud', '#!/bin/sh\necho broken >&2\nexit 3\n'))).rejects.toMatchObject(looked('cannot be run: broken'))
    symlinkSync('/gone/bin/python', join(root, 'dangling'))
    await expect(find('dangling')).rejects.toMatchObject(looked('is a link to a Python that is gone'))
  })

  it('names the command that makes what is missing', async () => {
    const { root, file, find } = workspace()
    await expect(find()).rejects.toMatchObject({
      details: { hint: expect.stringMatching(/^cd .*migrations && python3 -m venv \.venv && \.venv\/bin\/pip install alembic 'psycopg/) },
    })
    file('services/app/requirements.txt', '')
    await expect(find()).rejects.toMatchObject({
      details: { hint: `cd ${root}/services/app && python3 -m venv .venv && .venv/bin/pip install -r requirements.txt` },
    })
    file('services/app/uv.lock', '')
    await expect(find()).rejects.toMatchObject({ details: { hint: `cd ${root}/services/app && uv sync` } })
  })
})
