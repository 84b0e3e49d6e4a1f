import type { Body } from '../new-files.ts'

type SqlBody = Extract<Body, { up: string }>

/** How a module is written: taken from the newest one there is. */
interface Style {
  quote: string
  semicolon: string
  indent: string
  /** The class says its name in a property, too: a minifier may rename classes. */
  named: boolean
  typed: boolean
  imports: string
  /** module.exports instead of export. */
  common: boolean
}

/** The module of a new migration, in the style of `example`; in that of `typeorm migration:create` (0.3.31) where there is none. Pure. */
export function classFile(className: string, body: SqlBody, ending: string, example = ''): string {
  const style = styleOf(example, ending)
  const { indent, semicolon: end, quote: q } = style
  const head = style.typed ? `${style.imports}${end}\n\n` : ''
  const description = body.description === undefined ? '' : `// ${body.description}\n`
  const name = `class ${className}${style.typed ? ' implements MigrationInterface' : ''}`
  const properties = [
    ...(style.named ? [`${indent}name = ${q}${className}${q}${end}`] : []),
    ...(body.alone ? [`${indent}transaction = false${end}`] : []),
  ]
  const method = (direction: 'up' | 'down') => {
    const signature = style.typed ? `public async ${direction}(queryRunner: QueryRunner): Promise<void>` : `async ${direction}(queryRunner)`
    return `${indent}${signature} {\n${queries(body[direction], style)}${indent}}\n`
  }
  const inside = [...(properties.length > 0 ? [`${properties.join('\n')}\n`] : []), method('up'), method('down')].join('\n')
  return `${head}${description}${style.common ? `module.exports = ${name}` : `export ${name}`} {\n${inside}}${style.common ? end : ''}\n`
}

function styleOf(example: string, ending: string): Style {
  const typed = /t/.test(ending.slice(0, -1))
  const quote = /from\s+(['"])|(?<=require\()(['"])/.exec(example)
  const q = quote?.[1] ?? quote?.[2] ?? '"'
  const type = /import\s+type\s*\{[^}]*MigrationInterface/.test(example) ? ' type' : ''
  return {
    quote: q,
    semicolon: example === '' || /;\s*$/m.test(example) ? ';' : '',
    indent: /^([ \t]+)(?:public\s+)?(?:async\s+)?up\s*\(/m.exec(example)?.[1] ?? '    ',
    named: /^\s*(?:public\s+|readonly\s+)*name\s*=/m.test(example),
    typed,
    imports: `import${type} { MigrationInterface, QueryRunner } from ${q}typeorm${q}`,
    common: !typed && (/\bmodule\.exports\b|\bexports\./.test(example) || ending === '.cjs' || (example === '' && ending !== '.mjs')),
  }
}

/** One query for all of it: PostgreSQL takes several statements at once where there are no parameters. */
function queries(sql: string, { indent, semicolon }: Style): string {
  const lines = sql.trim().split('\n')
  if (lines.every((line) => /^\s*(?:--.*)?$/.test(line))) return ''
  const text = lines.join(`\n${indent.repeat(3)}`).replace(/[\\`]|\$\{/g, '\\$&')
  const [open, close] = lines.length > 1 ? [`\n${indent.repeat(3)}`, `\n${indent.repeat(2)}`] : ['', '']
  const bare = lines.length > 1 ? text : text.replace(/;$/, '')
  return `${indent.repeat(2)}await queryRunner.query(\`${open}${bare}${close}\`)${semicolon}\n`
}
