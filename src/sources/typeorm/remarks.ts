import type { Remark } from '../rules.ts'

/** The file is no program: TypeORM's loader stops at it, and with it everything. */
export function syntaxError(label: string, why: string): Remark {
  return {
    rule: 'TYPEORM-SYNTAX',
    severity: 'error',
    message: `${label} cannot be parsed: ${why}`,
    remedy: 'correct the file: TypeORM loads all of them before it runs any',
  }
}

export function wrongName(name: string): Remark {
  return {
    rule: 'TYPEORM-NAME',
    severity: 'error',
    message: `${name} migration name is wrong. Migration class name should have a JavaScript timestamp appended.`,
    remedy: 'let the name of the class, or its property `name`, end in the 13 digits of a time in milliseconds',
  }
}

export function computedName(label: string, guess: string): Remark {
  return {
    rule: 'TYPEORM-COMPUTED',
    severity: 'note',
    message: `the name of ${guess} in ${label} is computed: only running it tells`,
    remedy: 'write the name as a text, so that nothing has to be run to list migrations',
  }
}

export function noMigration(label: string, what: string, why: string): Remark {
  return {
    rule: 'TYPEORM-STRANGER',
    severity: 'warning',
    message: `${label} exports ${what}, which ${why}: TypeORM takes every exported class and function of its migration files for a migration`,
    remedy: 'move it to a file that is not among the migrations, or do not export it',
  }
}

export function exportedTwice(label: string, name: string, first: string, second: string): Remark {
  return {
    rule: 'TYPEORM-TWICE',
    severity: 'warning',
    message: `${label} exports ${name} twice, as ${first} and as ${second}: loaded by a glob it stops TypeORM with "Duplicate migrations: ${name}"`,
    remedy: 'export it once',
  }
}

export function otherTime(label: string, name: string, prefix: string, timestamp: number): Remark {
  return {
    rule: 'TYPEORM-TIME',
    severity: 'note',
    message: `${label} starts with ${prefix}, but ${name} runs in the order of its own timestamp ${timestamp}: TypeORM does not look at file names`,
    remedy: 'give the file the timestamp of its class, so that both sort alike',
  }
}

export function sameTime(first: string, second: string, timestamp: number): Remark {
  return {
    rule: 'TYPEORM-SAME-TIME',
    severity: 'warning',
    message: `${first} and ${second} both have the timestamp ${timestamp}: TypeORM runs that first which it loads first, here ${first} comes first`,
    remedy: 'skein new --renumber gives one of them a later timestamp',
  }
}

export function duplicate(first: string, second: string, name: string): Remark {
  const where = first === second ? `two classes of ${first}` : `${first} and ${second}`
  return {
    rule: 'SOURCE-DUPLICATE',
    severity: 'error',
    message: `${where} both give a migration called ${name}: TypeORM stops with "Duplicate migrations: ${name}"`,
    remedy: 'give one of them another name, or take one of them away',
  }
}
