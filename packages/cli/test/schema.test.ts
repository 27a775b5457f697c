import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'

it('the published schema is a valid JSON Schema with no unknown words', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../schema/request.schema.json', import.meta.url), 'utf8'),
  ) as object
  const ajv = new Ajv({ strict: true, allowUnionTypes: true })
  expect(ajv.validateSchema(schema)).toBe(true)
  expect(() => ajv.compile(schema)).not.toThrow()
})
