import { EzError, type ResolvedRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defineSignature, type SignatureDescription } from '../src/index.ts'
import { verifySignature } from '../src/verify/verify.ts'

const sources = ['method', 'host', 'path', 'query', 'target', 'url', 'body', 'key', 'region', 'at', 'nonce']
const selectors = ['header:date?', 'query:a?', 'form:a?', 'json:/a?', 'json:/a/b']
const odd = ['', 'none', '__proto__', 'constructor', 'signature', 'name', 'names', 'secret', 'header:x-sig']
const transforms = [
  'lower',
  'sha256|hex',
  'hex',
  'base64',
  'percent',
  'first:3',
  'first-bytes:2',
  'json',
  'text',
]
/** Mostly what is right, so that most descriptions come far. */
const mostly = <Right, Wrong>(
  right: fc.Arbitrary<Right>,
  wrong: fc.Arbitrary<Wrong>,
): fc.Arbitrary<Right | Wrong> => fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: wrong })

const reference = fc
  .tuple(
    mostly(fc.constantFrom(...sources, ...selectors), fc.constantFrom(...odd)),
    fc.array(mostly(fc.constantFrom(...transforms), fc.constantFrom('nothing', 'replace::a', 'from-hex')), {
      maxLength: 2,
    }),
  )
  .map(([name, list]) => [name, ...list].join('|'))
const template = fc
  .array(
    fc.oneof(
      reference.map((one) => `{${one}}`),
      fc.constantFrom('.', '\n', '\\{', '{', '}', 'x'),
    ),
    {
      maxLength: 4,
    },
  )
  .map((parts) => parts.join(''))
const hash = mostly(fc.constantFrom('sha256', 'md5', 'sha384'), fc.constant('sm3'))
const condition = fc.record(
  {
    method: fc.constantFrom('GET', 'post'),
    body: mostly(fc.constantFrom('present', 'empty'), fc.constant('other')),
    type: fc.constant('application/json'),
    set: fc.constantFrom('region', 'names', 'query', 'header:date?'),
    is: fc.dictionary(fc.constantFrom('region', 'method'), fc.constantFrom('eu', 'GET'), { maxKeys: 1 }),
  },
  { requiredKeys: ['method'] },
)
const { piece } = fc.letrec<{ piece: unknown }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    template,
    fc.array(tie('piece'), { maxLength: 3 }),
    fc.record({ text: tie('piece'), as: fc.constantFrom(...transforms) }),
    fc.record({ lines: fc.array(tie('piece'), { maxLength: 3 }) }),
    fc.record({ join: fc.array(tie('piece'), { maxLength: 3 }), with: fc.string({ maxLength: 2 }) }),
    fc.record({
      each: fc.constantFrom('parameters', 'signed', 'none'),
      write: template,
      with: fc.constant('&'),
    }),
    fc.record(
      { when: condition, then: tie('piece'), else: tie('piece') },
      { requiredKeys: ['when', 'then'] },
    ),
    fc.record({
      choose: reference,
      from: fc.dictionary(fc.constantFrom('a', 'eu'), tie('piece'), { maxKeys: 2 }),
    }),
    fc.record({
      hmac: hash,
      key: fc.constantFrom('secret', 'k{secret}', '{region}{secret|base64}'),
      of: tie('piece'),
    }),
    fc.record({ chain: hash, key: fc.constant('k{secret}'), over: fc.array(tie('piece'), { maxLength: 2 }) }),
    fc.record({
      hkdf: hash,
      key: fc.constant('secret'),
      length: mostly(fc.constant(32), fc.constantFrom(0, 300)),
    }),
  ),
}))
const anyPiece = mostly(piece, fc.jsonValue({ maxDepth: 2 }))
const written = mostly(
  fc.oneof(
    fc.constantFrom('{signature}', 'v1={signature}', '{at}', '{key}', '{body|sha256|base64}', '{nonce}'),
    template,
    fc.record({ pairs: fc.constant({ k: '{key}', 's?': '{signature}' }), quote: fc.boolean() }),
    fc.record({ list: fc.constant('v1,{signature}'), with: fc.constant(' ') }),
    fc.record({ basic: fc.constant(['{key}', '{signature}']) }),
  ),
  fc.jsonValue({ maxDepth: 1 }),
)
const places = (
  keys: readonly string[],
  value: fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, unknown>> => fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 2 })
const text = mostly(fc.constantFrom('{signature}', '{at}', '{key}'), template)
const description = fc.record({
  id: mostly(fc.constant('random'), fc.constantFrom('A', '')),
  options: fc.constant({
    key: 'credential',
    secret: 'secret',
    region: { default: 'eu' },
    names: { list: ['date?'] },
  }),
  time: mostly(
    fc.constantFrom({ at: 'unix' }, { at: { pattern: "yyyyMMdd'T'HHmm" } }),
    fc.constant({ at: { pattern: 'Q' } }),
  ),
  lists: fc.record({
    parameters: fc.record({
      of: fc.constantFrom('query', 'form?', 'json', 'form'),
      name: mostly(fc.constantFrom('percent', 'lower'), fc.constant('x')),
    }),
    signed: fc.record({
      of: fc.constant('headers'),
      only: mostly(fc.constantFrom('{names}', 'x-*', ['host', 'date?']), fc.constant('{key}')),
    }),
  }),
  stages: fc.dictionary(fc.constantFrom('text', 'digest', 'more'), anyPiece, { maxKeys: 3 }),
  signature: mostly(
    fc.oneof(
      fc.record({ hmac: hash, key: fc.constant('secret'), of: piece, as: fc.constantFrom('hex', 'base64') }),
      fc.record({ hash, of: fc.tuple(fc.constant('{secret}'), piece), as: fc.constant('hex') }),
    ),
    fc.jsonValue({ maxDepth: 1 }),
  ),
  writes: fc.record(
    {
      headers: places(['x-sig', 'x-at', 'authorization'], written),
      query: places(['sig', 'at'], text),
      form: places(['sig'], text),
      json: places(['/sig', '/a/c'], text),
      cookies: places(['sig'], text),
      body: template,
    },
    { requiredKeys: ['headers'] },
  ),
})

const requests: readonly ResolvedRequest[] = [
  { method: 'GET', url: 'https://api.example.com/a?a=1&b=%20', headers: [['date', 'x']], body: null },
  {
    method: 'POST',
    url: 'https://api.example.com/a',
    headers: [['content-type', 'application/json']],
    body: utf8('{"a":{"b":1}}'),
  },
  {
    method: 'POST',
    url: 'https://api.example.com/a?%FF',
    headers: [['content-type', 'application/x-www-form-urlencoded']],
    body: new Uint8Array([255, 61, 38]),
  },
]
const context = { now: () => new Date('2026-01-15T12:36:00Z'), nonce: () => 'abc' }
const options = { key: 'id', secret: 'a secret of a test' }

/** The code of what is thrown; anything that is no coded error is a defect. */
function coded(error: unknown): string {
  if (!EzError.isInstance(error)) throw error
  return error.code
}

test('a description is created or refused with its place, and signs, verifies or refuses with a code', async () => {
  let created = 0
  await fc.assert(
    fc.asyncProperty(description, async (random) => {
      let provider: ReturnType<typeof defineSignature>
      try {
        provider = defineSignature(random as unknown as SignatureDescription)
      } catch (error) {
        expect(coded(error)).toBe('EZ_OPTION_INVALID')
        expect(typeof (error as EzError).details.place).toBe('string')
        return
      }
      created += 1
      for (const request of requests)
        try {
          const stages = await provider.stages(request, options as never, context)
          for (const { value } of stages) expect(value.length).toBeLessThan(20_000)
          const step = provider.create(options as never)
          if (!('sign' in step)) continue
          const { patch } = await step.sign(request, context)
          const text = JSON.stringify(patch.headers) + JSON.stringify(patch.query)
          expect(text).not.toContain(options.secret)
          const signed = {
            ...request,
            headers: [...request.headers, ...Object.entries(patch.headers)],
            body: patch.body instanceof Uint8Array ? patch.body : request.body,
          }
          await verifySignature(random as unknown as SignatureDescription)(signed, {
            secretFor: () => options.secret,
            now: context.now,
          })
        } catch (error) {
          expect(coded(error)).toMatch(/^EZ_/)
        }
    }),
    { numRuns: 3000 },
  )
  expect(created).toBeGreaterThan(50)
}, 60_000)

test('what is no description at all is refused with a place', () => {
  fc.assert(
    fc.property(fc.anything(), (anything) => {
      try {
        defineSignature(anything as SignatureDescription)
      } catch (error) {
        expect(coded(error)).toBe('EZ_OPTION_INVALID')
      }
    }),
  )
})
