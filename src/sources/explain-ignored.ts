/** Why a file that looks like a migration is none to this layout, in words that say what to change; empty for files that nobody meant to run. */
export function explainIgnored(name: string, example: string): { why?: string; remedy?: string } {
  const remedy = `if it is a migration, call it like ${example}`
  if (!/\.sql$/i.test(name)) return {}
  if (/^v[0-9][0-9._]*__/i.test(name)) return { why: 'this is how Flyway names its files', remedy }
  if (!/^[0-9]/.test(name)) return { why: 'the name does not start with a number', remedy }
  if (!/^[0-9]+_/.test(name)) return { why: 'no underscore follows the number', remedy }
  if (/[._](?:up|down)\.sql$/i.test(name) && !/[._](?:up|down)\.sql$/.test(name)) {
    return { why: 'up, down and sql are written in lower case', remedy }
  }
  if (!/[._](?:up|down)\.sql$/.test(name)) return { why: 'the name does not say up or down', remedy }
  if (/^[0-9]+_(?:up|down)\.sql$/.test(name)) return { why: 'nothing stands between number and direction', remedy }
  if (/_(?:up|down)\.sql$/.test(name)) return { why: 'a dot, not an underscore, stands before up and down', remedy }
  return { why: 'the name has another form', remedy }
}
