/**
 * What may differ between a real tool and its door, taken out of what both say: durations, times, pids, places, and what a door leaves out on purpose. For all
 * doors in this one file, so that nothing else goes unnoticed.
 */

/** golang-migrate. */
export function migrateMask(text: string, folder: string): string {
  return (
    text
      .replaceAll(folder, 'FOLDER')
      // Date and time of a verbose line, and its durations; it reads ahead while it runs, so the lines come in an order of their own.
      .replace(/(?:^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d .*\n)+/gm, (lines) =>
        lines
          .replace(/^\S+ \S+ /gm, 'DATE TIME ')
          .replace(/(?<=read |ran |after )[0-9][0-9.a-zµ]*/g, 'TIME')
          .split(/(?<=\n)/)
          .sort()
          .join(''),
      )
      // Durations as Go writes them.
      .replace(/\((?:[0-9]+(?:\.[0-9]+)?(?:ns|µs|ms|h|m|s))+\)/g, '(TIME)')
      // The drivers a program was built with, in the order of a Go map.
      .replace(/^(Source|Database) drivers: .*$/gm, '$1 drivers: …')
      // Version of the program: a build without a tag says "dev".
      .replace(/^(?:dev|4\.19\.1 \(skein .*\))$/gm, 'VERSION')
      // Which name server said so.
      .replace(/(lookup \S+) on \S+:53:/g, '$1:')
      // The time of the recording in names that `create` makes.
      .replace(/\/times\/[0-9]{19}_/g, '/times/NANOSECONDS_')
      .replace(/\/times\/[0-9]{14}_/g, '/times/YYYYMMDDHHMMSS_')
      .replace(/\/times\/[0-9]{10}_/g, '/times/SECONDS_')
      .replace(/\/times\/[0-9]{4}-[0-9]{2}-[0-9]{2}_/g, '/times/YYYY-MM-DD_')
      .replace(/\/times\/[0-9]{4}[A-Z][a-z]{2}_[A-Z][a-z]+day_/g, '/times/YYYYMon_Weekday_')
      .replace(/\/times\/[0-9]{4}_/g, '/times/YYYY_')
      .replace(/duplicate migration version: [0-9]{4}$/gm, 'duplicate migration version: YYYY')
  )
}

/** Diesel. */
export function dieselMask(text: string, { folder, database, port }: { folder: string; database: string; port: string }): string {
  return (
    text
      .replaceAll(folder, 'FOLDER')
      .replaceAll(database, 'DATABASE')
      .replaceAll(`port ${port}`, 'port PORT')
      // The time of the making, in names that `generate` makes; folders of the situations are older.
      .replace(/20(?:2[5-9]|[3-9][0-9])-[0-9]{2}-[0-9]{2}-[0-9]{6}_/g, 'YYYY-MM-DD-HHMMSS_')
      // The time of a line of its log.
      .replace(/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]{15}Z/g, 'TIME')
      // The tool prints the whole URL, with its password; the door takes that out.
      .replace(/via `[^`]*`/g, 'via `URL`')
  )
}

/** Of the two streams of a tool in code. */
export interface Masks {
  stdout: (text: string) => string
  stderr: (text: string) => string
}

export const typeormMasks: Masks = {
  stdout: (text) =>
    text
      // The tool logs every statement that it sends; the door logs none (docs/guides/typeorm-command.md).
      .replace(/^(?:query|query failed|error): .*\n/gm, '')
      // The moment of the recording, in names that are made.
      .replace(/\b1[0-9]{12}-(?=timed)/g, 'TIMESTAMP-')
      .replace(/\bTimed1[0-9]{12}\b/g, 'TimedTIMESTAMP')
      // The program's own name.
      .replace(/^typeorm-ts-node-commonjs\b/gm, 'typeorm'),
  stderr: (text) =>
    text
      // The statements again, where they fail.
      .replace(/^(?:query failed|error): .*\n/gm, '')
      // An error is printed with its stack, its properties and the files that Node looked at; the first line says what it is.
      .replace(/^(\w*Error: [^\n]*)\n[\s\S]*$/m, '$1\n')
      // The program's own name, by which the list of its commands is set.
      .replace(/^Usage: typeorm[\s\S]*(?=^Options:)/gm, 'USAGE\n')
      .replace(/^typeorm-ts-node-commonjs\b/gm, 'typeorm'),
}

export const alembicMasks: Masks = {
  stdout: (text) =>
    text
      // Several heads come out of a Python set, in another order each time; so do the labels of a revision.
      .replace(/(?:^\w+(?: \([\w ,]+\))*\n)+/gm, (lines) =>
        lines
          .split(/(?<=\n)/)
          .sort()
          .join(''),
      )
      .replace(/\((\w+(?:, \w+)+)\)/g, (_, labels: string) => `(${labels.split(', ').sort().join(', ')})`),
  stderr: (text) =>
    text
      // A revision that fails is told by Python with its traceback; by the door in one line (docs/guides/alembic-command.md).
      .replace(/^Traceback [\s\S]*$/m, 'ERROR\n')
      .replace(/^[A-Z]\w+: [\s\S]*$/m, 'ERROR\n')
      // Branches that do not stand on each other may be run in another order (docs/guides/alembic-command.md).
      .replace(/(?:^INFO .*Running .*\n)+/gm, (lines) =>
        lines
          .split(/(?<=\n)/)
          .sort()
          .join(''),
      ),
}
