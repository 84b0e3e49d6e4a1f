/**
 * The SQL that a migration in code would send on its way up, as far as its text tells without running it: statements in string literals, and for tables
 * and foreign keys made by calls of the tool's own a statement that says the same. What is computed is not in it.
 */
export function codeSql(tool: string, code: string): string[] {
  const up = tool === 'alembic' ? pythonUp(code) : scriptUp(code)
  return [...statements(up), ...(tool === 'alembic' ? alembicCalls(up) : typeormCalls(up))]
}

/** Whether a migration in code makes tables under names that are not written out: then what it names may be its own. */
export function computesNames(tool: string, code: string): boolean {
  const made = tool === 'alembic' ? /\bcreate_table\(\s*(?!['"])/ : /\bnew\s+Table\(\s*(?!\{[^{}[\]]*?\bname\s*:\s*['"`])/
  return made.test(code)
}

function pythonUp(code: string): string {
  const from = code.search(/^def upgrade\b/m)
  return from < 0 ? '' : (code.slice(from).split(/^(?!def upgrade\b)\S/m)[0] ?? '')
}

function scriptUp(code: string): string {
  const up = code.search(/\basync\s+up\s*\(/)
  const down = code.search(/\basync\s+down\s*\(/)
  return up < 0 ? '' : code.slice(up, down > up ? down : undefined)
}

const literal = /"""([^]*?)"""|'''([^]*?)'''|`((?:[^`\\]|\\[^])*)`|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g

/** Literals that begin as a statement that makes or changes something. */
function statements(code: string): string[] {
  return [...code.matchAll(literal)]
    .map((match) => (match.slice(1).find((part) => part !== undefined) ?? '').trim())
    .filter((text) => /^(?:create|alter|drop|insert|update)\s/i.test(text) && !text.includes('${'))
    .map((text) => text.replace(/\\(["'`])/g, '$1'))
}

/** https://alembic.sqlalchemy.org/en/latest/ops.html: create_table(name, …), create_foreign_key(name, source, referent, …); ForeignKey('table.column'). */
function alembicCalls(code: string): string[] {
  const made = [...code.matchAll(/\bcreate_table\(\s*(['"])([\w.]+)\1/g)].map(([, , table = '']) => `create table ${table} ()`)
  const inTables = [...code.matchAll(/\bForeignKey(?:Constraint)?\((?:\s*\[[^\]]*\]\s*,\s*\[)?\s*(['"])([\w.]+)\.(\w+)\1/g)]
  const apart = [...code.matchAll(/\bcreate_foreign_key\(\s*(?:None|f?(['"])[^'"]*\1)\s*,\s*(['"])([\w.]+)\2\s*,\s*(['"])([\w.]+)\4/g)]
  return [
    ...made,
    ...inTables.map(([, , table = '', column = '']) => keyTo(table, `(${column})`)),
    ...apart.map(([, , , , , table = '']) => keyTo(table)),
  ]
}

/** TypeORM's Table and TableForeignKey take objects: `name`, `referencedTableName`. */
function typeormCalls(code: string): string[] {
  const made = [...code.matchAll(/\bnew\s+Table\(\s*\{[^{}[\]]*?\bname\s*:\s*(['"`])([\w.]+)\1/g)].map(
    ([, , table = '']) => `create table ${table} ()`,
  )
  return [...made, ...[...code.matchAll(/\breferencedTableName\s*:\s*(['"`])([\w.]+)\1/g)].map(([, , table = '']) => keyTo(table))]
}

function keyTo(table: string, columns = ''): string {
  return `create temporary table a_key (k int references ${table} ${columns})`
}
