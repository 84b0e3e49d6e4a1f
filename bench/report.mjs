/** What was measured as text for people: ratios first, since times are the machine's. */
export function report({ server, start, sizes }) {
  const lines = [
    `${server.version.split(' on ')[0]}, fsync ${server.fsync}, synchronous_commit ${server.sync}, shared_buffers ${server.buffers}; Node ${process.version}`,
    `process start: node -e 0 ${ms(start.node)}, skein --version ${ms(start.version)}`,
    '',
    'up: wall time of the process from start to end, median (fastest) of all rounds',
    ...table(
      ['migrations', 'contender', 'ms', 'fastest', '÷ psql', '÷ floor', 'MiB'],
      sizes.flatMap(({ size, up }) =>
        Object.entries(up).map(([name, one]) => [
          size,
          name,
          one.ms.toFixed(0),
          Math.min(...one.samples).toFixed(0),
          ratio(one.ms, up.psql.ms),
          ratio(one.ms, up.floor.ms),
          one.mib === null ? '–' : one.mib.toFixed(0),
        ]),
      ),
    ),
    '',
    'skein on a database that is up to date (round trips: after the connection stands, counted through a proxy)',
    ...table(
      ['migrations', 'no-op up ms', 'round trips', 'MiB', 'status ms', 'down 1 ms', 'up 1 ms', 'down --all ms', '÷ floor', 'MiB '],
      sizes.map(({ size, noop, roundTrips, status, downOne, upOne, downAll, floorDownAll }) => [
        size,
        noop.ms.toFixed(0),
        `${roundTrips.after} + ${roundTrips.startup} to connect`,
        noop.mib?.toFixed(0) ?? '–',
        status.ms.toFixed(0),
        downOne.ms.toFixed(0),
        upOne.ms.toFixed(0),
        downAll.ms.toFixed(0),
        ratio(downAll.ms, floorDownAll.ms),
        downAll.mib?.toFixed(0) ?? '–',
      ]),
    ),
    '',
    'targets',
    ...table(['what', 'measured', 'wanted', ''], targets(sizes)),
  ]
  return `${lines.join('\n')}\n`
}

function targets(sizes) {
  const by = new Map(sizes.map((one) => [one.size, one]))
  const [small, thousand, large] = [by.get(100), by.get(1000), by.get(10_000)]
  const rows = []
  const want = (what, measured, wanted, unit = '×') => {
    rows.push([what, `${measured.toFixed(2)}${unit}`, `≤ ${wanted}${unit}`, measured <= wanted ? 'reached' : 'missed'])
  }
  if (thousand !== undefined) {
    want('1,000: up ÷ psql', thousand.up.skein.ms / thousand.up.psql.ms, 0.95)
    want('1,000: up ÷ floor', thousand.up.skein.ms / thousand.up.floor.ms, 1.25)
  }
  if (thousand !== undefined && large !== undefined) {
    // Ten times as many migrations also make the server's catalogue ten times as large. What that costs is seen in the floor, so it is divided out.
    const growth = ({ ms: after }, { ms: before }) => after / before
    const own = (10 * growth(large.up.skein, thousand.up.skein)) / growth(large.up.floor, thousand.up.floor)
    want('10,000 ÷ 1,000: 10 × (growth of skein ÷ growth of the floor)', own, 11)
  }
  if (small !== undefined && large !== undefined) want('no-op up with 10,000 applied ÷ with 100', large.noop.ms / small.noop.ms, 2)
  for (const { size, up, noop, downAll, roundTrips } of sizes) {
    want(`${size}: no-op up, round trips`, roundTrips.after, 2, '')
    const peak = Math.max(up.skein.mib ?? 0, noop.mib ?? 0, downAll.mib ?? 0)
    if (peak > 0) want(`${size}: resident at most (up, no-op, down --all)`, (peak * 1024 * 1024) / 1e6, 150, ' MB')
  }
  return rows
}

function ms(value) {
  return `${value.toFixed(0)} ms`
}

function ratio(one, other) {
  return (one / other).toFixed(2)
}

/** A table that reads well in a terminal and in Markdown. */
function table(head, rows) {
  const cells = rows.map((row) => row.map(String))
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at].length)))
  const isNumber = head.map((_, at) => at > 0 && cells.every((row) => /^[\d.–]*$/.test(row[at])))
  const line = (row) => `| ${row.map((cell, at) => (isNumber[at] ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join(' | ')} |`
  return [
    line(head),
    `|${widths.map((width, at) => (isNumber[at] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`,
    ...cells.map(line),
  ]
}
