/** One step of a dry run: the messages that would be sent. */
interface DryView {
  plan: { notes: string[] }
  sql: { step: string; database: string; how: string; text: string }[]
}

/** A dry run for people and psql alike: comments and SQL, with every transaction boundary. */
export function humanDry(view: DryView): string {
  if (view.sql.length === 0) return '-- nothing to do\n'
  return view.sql.map((one) => `-- ${one.step} in ${one.database}: ${one.how}\n${one.text.trimEnd()}\n`).join('\n')
}
