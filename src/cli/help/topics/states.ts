import type { Topic } from '../topic.ts'

export const states: Topic = {
  name: 'states',
  about: 'what `status` says, and what to do about it',
  text: `Of a service:

  up-to-date   everything of its files is applied
  pending      skein plan, skein up
  ahead        the database has more than the files here: git pull
  changed      an applied file says something else now: skein verify
  dirty        its tool says that a migration broke off: skein repair
  partial      a migration stopped half-way: skein up goes on with it
  unreachable  its database cannot be asked: skein config, skein wait

Of a migration, besides applied and pending:

  [X] assumed       its tool counts it as applied, nobody has seen it run
  [!] out-of-order  new, and sorts before one that is applied:
                    skein new --renumber
                    or out-of-order: run in skein.yaml
  [!] missing       applied, and its file is gone
  [!] ahead         applied, unknown here, newer than all files
  [!] changed, dirty, partial   as above

There is no dead end: skein repair names the ways out of each of them.`,
  more: ['guides/repair.md'],
}
