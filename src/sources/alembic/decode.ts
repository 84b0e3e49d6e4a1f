import type { SqlFile } from '../../model/migration.ts'
import type { Remark } from '../rules.ts'

const strict = new TextDecoder('utf-8', { fatal: true })

/** The text of a Python file, its BOM left out; or why Python, or we, cannot take it. Throws SOURCE-UNREADABLE. */
export function decodePython(file: SqlFile): { text: string } | { remark: Remark } {
  const bytes = file.raw()
  file.forget()
  if (bytes.includes(0)) {
    return {
      remark: {
        rule: 'ALEMBIC-SYNTAX',
        severity: 'error',
        message: `${file.file} has a NUL in it at byte ${bytes.indexOf(0)}: Python refuses it`,
        remedy: 'save it again as text in UTF-8',
      },
    }
  }
  try {
    return { text: strict.decode(bytes) }
  } catch {
    const cookie = /^(?:[^\n]*\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/.exec(bytes.toString('latin1'))?.[1]
    const said = cookie === undefined ? 'and does not say in what else it is written' : `but ${cookie}, which is not read here`
    return {
      remark: {
        rule: 'ALEMBIC-ENCODING',
        severity: 'error',
        message: `${file.file} is not UTF-8, ${said}`,
        remedy: 'save it as UTF-8 and take out the line about its coding',
      },
    }
  }
}
