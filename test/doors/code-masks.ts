/** What may differ between a real tool and its door, taken out of what both say: in one place, so that nothing else goes unnoticed. */
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
