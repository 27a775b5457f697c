import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'

interface Schema {
  readonly definitions: { readonly step: { readonly properties: Readonly<Record<string, unknown>> } }
}

const read = (name: string): Schema =>
  JSON.parse(readFileSync(new URL(`../schema/${name}.schema.json`, import.meta.url), 'utf8')) as Schema

for (const name of ['request', 'proxy'])
  it(`the published schema ${name} is a valid JSON Schema with no unknown words`, () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true })
    expect(ajv.validateSchema(read(name))).toBe(true)
    expect(() => ajv.compile(read(name))).not.toThrow()
  })

it('steps of rules are steps of request files, but for scripts of Postman: a proxy has no template', () => {
  const { dialect, ...properties } = read('request').definitions.step.properties
  expect(dialect).toBeDefined()
  expect(read('proxy').definitions.step).toEqual({ ...read('request').definitions.step, properties })
})
