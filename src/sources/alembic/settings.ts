import { join } from 'node:path'
import type { Finding } from '../../model/finding.ts'
import { finding } from '../rules.ts'
import type { CodeSettings } from '../source.ts'
import { readEnvironment } from './env-settings.ts'
import type { ScriptFolder } from './script-folder.ts'

/**
 * What the programs around the revisions say: env.py of the first script folder that has one, and which files decide. `unread` are names that the
 * revisions compute. Undefined where there is no program at all and nothing to ask it. Throws SOURCE-UNREADABLE.
 */
export function settingsOf(scripts: readonly ScriptFolder[], unread: readonly string[]): { settings?: CodeSettings; findings: Finding[] } {
  const first = scripts.find(({ script }) => script?.entries().some((entry) => entry.name === 'env.py' && entry.type === 'file'))
  const configs = scripts.flatMap(({ config }) => (config === undefined ? [] : [config]))
  const said = first?.script === undefined ? { unread: [] } : readEnvironment(first.script.file('env.py'))
  const computed = configs.flatMap((config) => config.unread.map((key) => `${key} in ${config.label}`))
  const files = [
    ...(first?.script === undefined ? [] : [join(first.script.path, 'env.py')]),
    ...new Set(configs.map((config) => config.file)),
  ]
  const findings = configs.filter((config) => config.sourceless).map(({ label }) => sourceless(label))
  if (files.length === 0 && unread.length === 0) return { findings }
  return { settings: { ...said, unread: [...said.unread, ...computed, ...unread], files }, findings }
}

function sourceless(file: string): Finding {
  return finding(
    {
      rule: 'ALEMBIC-SOURCELESS',
      severity: 'note',
      message: `${file} says sourceless: revisions that are there as .pyc only are run by Alembic, and not seen here`,
      remedy: 'keep the .py files beside them',
    },
    file,
  )
}
