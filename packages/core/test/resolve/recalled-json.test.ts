import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prepare, secret } from '../../src/index.ts'
import { bodyText, errorOf } from '../support/support.ts'

type Json = Record<string, unknown>

const url = 'https://api.example.com/'
const variables = { a: 'one', b: ['x', 2], c: '"quoted"' }

const leaf = fc.constantFrom<unknown>('{{a}}', 'for {{c}}', '{{b}}', 'plain', '', 0, 1.5, true, null)
const key = fc.constantFrom('x', 'y', 'z', 'k{{a}}', '1')
const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(key, leaf, { maxKeys: 3 }))
const body = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 })

type Change = (template: Json) => void

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(key, value).map(
    ([name, item]): Change =>
      (template) => {
        template[name] = item
      },
  ),
  key.map(
    (name): Change =>
      (template) => {
        delete template[name]
      },
  ),
  // The same keys and values in another order are another body.
  key.map(
    (name): Change =>
      (template) => {
        const item = template[name]
        delete template[name]
        template[name] = item ?? null
      },
  ),
  leaf.map(
    (item): Change =>
      (template) => {
        for (const inner of Object.values(template)) if (Array.isArray(inner)) inner.push(item)
      },
  ),
  fc.tuple(key, leaf).map(
    ([name, item]): Change =>
      (template) => {
        for (const inner of Object.values(template))
          if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
            (inner as Json)[name] = item
      },
  ),
)

const sent = async (json: unknown): Promise<string> =>
  bodyText(await prepare({ method: 'POST', url, body: { json } }, { variables }))

test('a JSON template that is changed between two sends is sent as it is at each', async () => {
  await fc.assert(
    fc.asyncProperty(body, fc.array(change, { maxLength: 6 }), async (template, changes) => {
      expect(await sent(template)).toBe(await sent(structuredClone(template)))
      for (const apply of changes) {
        apply(template)
        expect(await sent(template)).toBe(await sent(structuredClone(template)))
        expect(await sent(template)).toBe(await sent(structuredClone(template)))
      }
    }),
    { numRuns: 500 },
  )
})

test('a value that turns into a secret, a number or a hole is sent as what it is', async () => {
  const json: Json = { x: '{{a}}', list: ['{{a}}', 'b'] }
  expect(await sent(json)).toBe('{"x":"one","list":["one","b"]}')
  json.x = secret('secret-value')
  expect(await sent(json)).toBe('{"x":"secret-value","list":["one","b"]}')
  json.x = 12n
  delete (json.list as unknown[])[1]
  expect(await sent(json)).toBe('{"x":12,"list":["one",null]}')
  json.x = Number.NaN
  expect((await errorOf(sent(json))).code).toBe('EZ_BODY_INVALID')
})

test('secrets are found however deep they lie', async () => {
  let data: Json = { key: secret('deep-secret-value') }
  for (let depth = 0; depth < 50_000; depth += 1) data = { data }
  const prepared = await prepare(
    { method: 'POST', url, body: { text: 'deep-secret-value' } },
    { variables, data },
  )
  expect(prepared.toCurl({ mask: true })).not.toContain('deep-secret-value')
})
