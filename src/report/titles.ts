/** A migration for people: `004 create_orders`; where the version is the file's whole base name, that alone says everything. */
export function title(migration: { version: string; name: string }): string {
  const { version, name } = migration
  return name === '' || version === name || version.endsWith(`_${name}`) || version.startsWith(name) ? version : `${version} ${name}`
}
