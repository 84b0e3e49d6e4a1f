import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** For tests: a new folder with these files in it, by relative path. A path that ends in `/` is an empty folder. Gives its absolute path. */
export function makeFiles(files: Readonly<Record<string, string | Buffer>>, name = 'shop'): string {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'skein-workspace-'))), name)
  mkdirSync(root)
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path)
    mkdirSync(path.endsWith('/') ? full : dirname(full), { recursive: true })
    if (!path.endsWith('/')) writeFileSync(full, content)
  }
  return root
}

/** Files of each tool, as its own documentation shows them; only their names matter. */
export const golangMigrate = (path: string) => ({
  [`${path}/000001_create_users.up.sql`]: 'select 1;',
  [`${path}/000001_create_users.down.sql`]: 'select 1;',
})
export const diesel = (path: string) => ({ [`${path}/2024-01-02-030405_create_wallets/up.sql`]: 'select 1;' })
export const numbered = (path: string) => ({
  [`${path}/001_create_users.up.sql`]: 'select 1;',
  [`${path}/002_add_avatar_up.sql`]: 'select 1;',
})
export const stamped = (path: string) => ({ [`${path}/20240101120000_a1b2c3d4_create_tenants.up.sql`]: 'select 1;' })
