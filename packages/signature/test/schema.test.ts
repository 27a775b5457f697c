import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { defineSignature, type SignatureDescription } from '../src/index.ts'
import * as clouds from './schemes/clouds.ts'
import * as others from './schemes/others.ts'

const read = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Record<string, unknown>
const schema = read('../schema/description.json')
const fits = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)

const descriptions = Object.entries({ ...clouds, ...others }).filter(
  (entry): entry is [string, SignatureDescription] => typeof entry[1] === 'object' && 'signature' in entry[1],
)

describe('the JSON Schema of a description', () => {
  test.each(descriptions)('fits %s, as the compiler does', (_name, description) => {
    expect(fits(JSON.parse(JSON.stringify(description))), JSON.stringify(fits.errors)).toBe(true)
    expect(() => defineSignature(description as SignatureDescription)).not.toThrow()
  })

  // Every object of every description with a key that nobody knows: both must refuse it.
  test.each(descriptions)(
    'refuses an unknown field wherever the compiler does, in %s',
    (_name, description) => {
      let tried = 0
      for (const changed of withUnknownKeys(JSON.parse(JSON.stringify(description)))) {
        let isCreated = true
        try {
          defineSignature(changed as unknown as SignatureDescription)
        } catch {
          isCreated = false
        }
        if (fits(changed) && !isCreated) continue // Names of options and the like are free: they are unknown references.
        expect([fits(changed), isCreated], JSON.stringify(changed)).toEqual([isCreated, isCreated])
        tried += 1
      }
      expect(tried).toBeGreaterThan(3)
    },
  )

  test('has a place for every field that the compiler knows, and no other', () => {
    const base = {
      id: 'x',
      options: { s: 'secret' },
      signature: { hmac: 'sha256', key: 's', of: 'body', as: 'hex' },
    }
    const known = (place: object): string[] => {
      try {
        defineSignature(place as SignatureDescription)
      } catch (error) {
        return (
          /is none of (.*)\.$/
            .exec((error as Error).message)?.[1]
            ?.split(' ')
            .sort() ?? []
        )
      }
      return []
    }
    const unknown = { unknown: 1 }
    const properties = (name: string): string[] => {
      const found = (
        schema.definitions as Record<string, { properties?: object; else?: { properties: object } }>
      )[name]
      return Object.keys(found?.properties ?? found?.else?.properties ?? {}).sort()
    }
    expect(known({ ...base, ...unknown })).toEqual(Object.keys(schema.properties as object).sort())
    expect(known({ ...base, options: { s: unknown } })).toEqual(properties('option'))
    expect(known({ ...base, time: { t: unknown } })).toEqual(properties('time'))
    expect(known({ ...base, lists: { l: unknown } })).toEqual(properties('list'))
    expect(known({ ...base, stages: { a: { when: unknown, then: '' } } })).toEqual(properties('condition'))
    expect(known({ ...base, writes: unknown })).toEqual(properties('placements'))
    expect(known({ ...base, writes: { headers: { a: unknown } } })).toEqual(properties('written'))
  })
})

function* withUnknownKeys(value: object): Generator<object> {
  const whole = value as Record<string, unknown>
  yield { ...whole, 'no-such-field': 1 }
  for (const [key, inner] of Object.entries(value))
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      for (const changed of withUnknownKeys(inner)) yield { ...whole, [key]: changed }
}
