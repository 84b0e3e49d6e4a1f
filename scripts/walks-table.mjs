/** The table of docs/reference/walks.md from what walks counted. */

const operations = ['up N', 'up', 'down N', 'goto', 'redo', 'claim', 'create', 'late', 'edit']
const states = ['empty', 'some applied', 'all applied', 'late pending', 'edited', 'forced']
const engines = ['skein', 'tool']

/** Operations that the command line of a tool does not have. */
const lacking = {
  'golang-migrate': ['redo'],
  goose: ['claim'],
  dbmate: ['goto', 'redo', 'claim'],
  diesel: ['goto', 'claim'],
  typeorm: ['goto', 'redo'],
  alembic: ['redo', 'late'],
}

/** Why a cell must be empty: a letter that the notes below the table explain. Undefined: it can be walked. */
function impossible(tool, operation, state, engine) {
  if (engine === 'tool' && lacking[tool].includes(operation)) return 'a'
  if (tool === 'alembic' && (operation === 'late' || state === 'late pending')) return 'b'
  if (state === 'empty' && (operation === 'late' || operation === 'edit')) return 'c'
  return undefined
}

/** Markdown: one table for each tool, Skein's count before the tool's, and what was refused as it should be. */
export function walksTable(tallies) {
  return tallies.map(oneTool).join('\n\n')
}

function oneTool(tally) {
  const { tool, seed, walks, steps, cells, refusals } = tally
  const rows = operations.map((operation) => {
    const byPerson = operation === 'late' || operation === 'edit'
    const counts = states.map((state) =>
      (byPerson ? ['person'] : engines)
        .map((engine) => cells[`${operation}|${state}|${engine}`] ?? impossible(tool, operation, state, engine) ?? '**0**')
        .join(' · '),
    )
    return `| ${operation}${byPerson ? ' (a person)' : ''} | ${counts.join(' | ')} |`
  })
  const refused = Object.entries(refusals).filter(([why]) => why.startsWith('Skein: '))
  const told = refused
    .map(([why, count]) => `${why.replace('Skein: ', '')} ${count}`)
    .toSorted()
    .join(', ')
  return [
    `### ${tool}`,
    '',
    `${walks} walks, ${steps} steps, seed ${seed}. Skein refused as it should: ${told}.`,
    '',
    `| operation: Skein · ${tool} | ${states.join(' | ')} |`,
    `|---|${states.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n')
}
