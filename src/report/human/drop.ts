import { columns } from '../columns.ts'
import { count } from '../duration.ts'
import type { Style } from '../style.ts'

/** What `drop` reports, as far as this page shows it. */
export interface DropView {
  services: {
    service: string
    database: string
    drops: { kind: string; name: string }[]
    users: string[]
    left: { kind: string; name: string }[]
    versions: string[]
  }[]
  sql?: string[]
}

/** What would go, what goes with it, and what stays, before anybody is asked. */
export function humanDropping(view: DropView, style: Style): string {
  return view.services
    .map((one) =>
      [
        `${style.bold(one.service)} ${style.dim(one.database)}`,
        ...(one.drops.length === 0
          ? ['  nothing of it is there']
          : [
              columns(
                one.drops.map(({ kind, name }) => [style.red('drop'), kind, name]),
                '  ',
              ),
            ]),
        ...one.users.map((user) => `  ${style.yellow('used by')} ${user}`),
        ...one.left.map(({ kind, name }) => style.dim(`  stays ${kind} ${name}`)),
        `  ${count(one.versions.length, 'migration')} recorded as not applied`,
        '',
      ].join('\n'),
    )
    .join('\n')
}

/** What went; or the SQL of a dry run, with what it is about as comments. */
export function humanDrop(view: DropView, style: Style): string {
  if (view.sql !== undefined) {
    const lines = view.services.flatMap((one) => [
      `-- ${one.service} in ${one.database}: ${count(one.drops.length, 'object')}, ${count(one.versions.length, 'migration')}`,
      ...one.users.map((user) => `-- used by ${user}: needs --cascade`),
      ...one.left.map(({ kind, name }) => `-- stays: ${kind} ${name}`),
    ])
    return `${[...lines, ...view.sql].join('\n')}\n`
  }
  return view.services
    .map(
      (one) =>
        `${style.green('✓')} ${style.bold(one.service)} ${count(one.drops.length, 'object')} dropped, ${count(one.versions.length, 'migration')} recorded as not applied ${style.dim(one.database)}\n${one.left.map(({ kind, name }) => style.dim(`  left: ${kind} ${name}\n`)).join('')}`,
    )
    .join('')
}
