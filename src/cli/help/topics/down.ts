import type { Topic } from '../topic.ts'

export const down: Topic = {
  name: 'down',
  about: 'going back, and what refuses to',
  text: `  skein down             the last migration of each service
  skein down shop 3      three of one service
  skein goto shop 4      to a version, up or down
  skein down --all       everything
  skein plan --down      what it would be, without doing it

Refused before anything is done: a down that is missing (DOWN-MISSING), one
that says nothing (DOWN-HOLLOW; --allow-hollow ID accepts it), a migration
that says rollback_safe: false (ROLLBACK-UNSAFE), and one that another service
stands on (NEEDED-BY; --with-dependants takes that back first).

The text of each down is kept in the database when its up is applied, so a
release that no longer has the file can still go back. It asks first; in
scripts --yes.`,
  more: ['guides/repair.md'],
}
