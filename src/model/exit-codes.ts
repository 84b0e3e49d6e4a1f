/** The exit codes of the command line (design: this table, no other) and what each means. Doors have their tool's. */
export const exitCodes: Readonly<Record<string, string>> = {
  0: 'done',
  1: 'a step failed',
  2: 'usage, configuration, files',
  3: 'cannot connect',
  4: 'not permitted',
  5: 'dependency',
  6: 'lock not obtained',
  7: 'integrity',
  8: 'approval missing',
  9: 'pending (with --check)',
  '130/143': 'interrupted',
}
