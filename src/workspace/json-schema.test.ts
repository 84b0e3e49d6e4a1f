import { expect, it } from 'vitest'
import { workspaceJsonSchema } from './json-schema.ts'

it('describes every key of the file, as it may be written', async () => {
  const schema = await workspaceJsonSchema()
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    properties: {
      database: { type: 'string', description: expect.any(String) },
      tiers: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer' }] } },
      services: {
        additionalProperties: {
          anyOf: [{ properties: { tool: { enum: expect.arrayContaining(['golang-migrate', 'diesel', 'typeorm']) } } }, { type: 'null' }],
        },
      },
    },
  })
  expect(schema.required).toBeUndefined()
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
})
