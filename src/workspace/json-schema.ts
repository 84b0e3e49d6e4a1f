import { workspaceSchema } from './schema.ts'

/** The JSON Schema (draft 2020-12) of a workspace file, as editors read it: what may be written, before defaults. */
export async function workspaceJsonSchema(): Promise<Record<string, unknown>> {
  const { z } = await import('zod')
  return { title: 'skein.yaml', ...z.toJSONSchema(await workspaceSchema(), { io: 'input' }) }
}
