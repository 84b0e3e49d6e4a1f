import type { Topic } from '../topic.ts'

export const adoptTopic: Topic = {
  name: 'adopt',
  about: 'from another tool to Skein, and back',
  text: `There is nothing to convert. Skein reads your tool's files and its table as
they are; the first \`up\` goes on where that tool stopped.

  skein init        write skein.yaml (one service in ./migrations needs none)
  skein status      is it what you expect?
  skein adopt       optional: note in the ledger now what the tools have applied
  skein up

A database that was made otherwise, with no table of any tool:

  skein baseline shop 20240101120000   everything up to here is there already

Both tools may be used in turn: what the other one did is seen and taken over.
To leave, delete skein.yaml; your tool goes on where Skein stopped. The schema
\`skein\` in the database may be dropped.`,
  more: ['reference/differences.md'],
}
