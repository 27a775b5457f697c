import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ajvOptions } from '../src/files/ajv-options.ts'
import { isPlainlyValid } from '../src/files/plainly-valid.ts'

const leaf = fc.oneof(
  fc
    .constantFrom('string', 'number', 'integer', 'boolean', 'null', ['string', 'null'])
    .map((type) => ({ type })),
  fc.constantFrom(['a', 'b'], ['a', 1]).map((allowed) => ({ enum: allowed })),
  fc.constant({ type: 'string', minLength: 2 }),
  fc.constant({ type: 'number', exclusiveMinimum: 0 }),
  fc.constant({ oneOf: [{ type: 'string' }, { type: 'array' }] }),
  fc.constant({}),
)
const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 2 },
    leaf,
    tie('schema').map((items) => ({ type: 'array', items })),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('schema')),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'c$', '.'), tie('schema')),
        required: fc.subarray(['a', 'b', 'toString']),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      },
      { requiredKeys: ['type'] },
    ),
  ),
}))
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom('', 'a', 'b', 'ab', 0, 1, -1, 1.5, true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value'), { maxKeys: 3 }),
  ),
}))

describe('the check without a validator', () => {
  test('what it accepts, the validator accepts', () => {
    fc.assert(
      fc.property(schema, value, (someSchema, someValue) => {
        // One pair in nine is accepted: fast-check goes on until there are as many as it is asked for.
        fc.pre(isPlainlyValid(someSchema, someValue))
        expect(new Ajv(ajvOptions).compile(someSchema)(someValue)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('it answers for usual options', () => {
    const options = {
      type: 'object',
      required: ['region'],
      additionalProperties: false,
      properties: {
        region: { type: 'string', description: 'Such as us-east-1' },
        kind: { enum: ['a', 'b'] },
      },
    }
    expect(isPlainlyValid(options, { region: 'x', kind: 'a' })).toBe(true)
    expect(isPlainlyValid(options, { kind: 'a' })).toBe(false)
    expect(isPlainlyValid(options, { region: 'x', toString: 'a' })).toBe(false)
    expect(isPlainlyValid(options, { region: 'x', kind: 'c' })).toBe(false)
    const more = { ...options, patternProperties: { '^\\$': {}, '^n': { type: 'number' } } }
    expect(isPlainlyValid(more, { region: 'x', $note: [], n1: 1 })).toBe(true)
    expect(isPlainlyValid(more, { region: 'x', n1: 'a' })).toBe(false)
    expect(isPlainlyValid(more, { region: 'x', other: 'a' })).toBe(false)
  })
})
