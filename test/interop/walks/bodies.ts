import type { Body } from '../trees.ts'

/**
 * What a migration of a walk does and undoes: each can be run twice, and taken back twice, so that a walk can go on where somebody claimed what is not
 * so. `kind`: a table, an index built beside writers, a function with a trigger, rows, a view, an index. `edition`: what an edit of the file changes.
 * All stand on their own table, apart from the index beside writers, which stands on `root`.
 */
export function againBody(n: number, kind: number, edition: number): Body {
  const table = `t${n}`
  const create = [
    `create table if not exists ${table} (id bigserial primary key, name varchar(${20 + (n % 100)}) not null default 'é', note text)`,
    `comment on table ${table} is 'edition ${edition}'`,
  ]
  const drop = `drop table if exists ${table}`
  const index = `root_note_${n}`
  const kinds: Body[] = [
    { up: create, down: [drop], alone: false },
    {
      up: [`create index concurrently if not exists ${index} on root (note)`],
      down: [`drop index concurrently if exists ${index}`],
      alone: true,
    },
    {
      up: [
        ...create,
        `create or replace function f${n}() returns trigger language plpgsql as $$ begin new.note := 'x;y'; return new; end $$`,
        `create or replace trigger f${n} before insert on ${table} for each row execute function f${n}()`,
      ],
      down: [drop, `drop function if exists f${n}()`],
      alone: false,
    },
    { up: [...create, `insert into ${table} (name) values ('a;b'), ('c''d')`], down: [drop], alone: false },
    {
      up: [...create, `create or replace view v${n} as select id, name from ${table}`],
      down: [`drop view if exists v${n}`, drop],
      alone: false,
    },
    {
      up: [...create, `create unique index if not exists ${table}_name on ${table} (lower(name)) where note is null`],
      down: [drop],
      alone: false,
    },
  ]
  return kinds[kind % kinds.length] as Body
}

/** Whether an edit can change what the migration says: an index alone is one statement, and its definition is its name. */
export function canBeEdited(kind: number): boolean {
  return kind % 6 !== 1
}

/** What the indexes stand on; no migration makes it. */
export const ground = 'create table root (id bigint primary key, note text)'
