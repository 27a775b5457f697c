import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createHmacKey, encodeRfc3986, hash, hmac, sha256 } from '@ez/core/crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { checkOptions, EzError, type Provider, reveal, type Secret, type Signer } from '../src/index.ts'
import {
  describeSigner,
  parseVectors,
  type SignerCheckOptions,
  signerChecks,
  type Vector,
} from '../src/testing.ts'
import { toyVector } from './support/toy-vector.ts'

interface ToyOptions {
  readonly keyId: string
  readonly key: string | Secret
}

/** A small but complete scheme: HMAC-SHA256 of method, URL, date, nonce and body. */
function toySigner(options: ToyOptions): Signer {
  checkOptions('toy', options, { keyId: 'string', key: 'secret' })
  const key = createHmacKey(sha256, reveal(options.key))
  return {
    specVersion: 1,
    id: 'toy',
    writes: { headers: ['x-date', 'x-nonce', 'authorization'], query: [] },
    sign(request, context) {
      if (request.body !== null && !(request.body instanceof Uint8Array))
        throw new EzError('EZ_BODY_UNSIGNABLE', 'toy: a stream cannot be signed.')
      const date = String(context.now().getTime())
      const stringToSign = [
        request.method,
        request.url,
        date,
        context.nonce(),
        hash(sha256, request.body ?? new Uint8Array(), 'hex'),
      ].join('\n')
      const signature = hmac(key, stringToSign, 'base64')
      return {
        patch: {
          headers: {
            'x-date': date,
            'x-nonce': context.nonce(),
            authorization: `Toy ${options.keyId}:${signature}`,
          },
          query: [],
        },
        trace: [
          { id: 'string-to-sign', value: stringToSign },
          { id: 'signature', value: signature },
        ],
        secrets: [reveal(options.key)],
      }
    },
  }
}

const provider: Provider<ToyOptions> = {
  id: 'toy',
  options: { type: 'object', properties: { keyId: { type: 'string' }, key: { type: 'string' } } },
  create: toySigner,
}

/** Verifies by signing the bare request again: enough for a toy whose own code is not under test. */
const verify: SignerCheckOptions['verify'] = async (request, vector) => {
  const header = (name: string): string => request.headers.find((pair) => pair[0] === name)?.[1] ?? ''
  const context = { now: () => new Date(Number(header('x-date'))), nonce: () => header('x-nonce') }
  const result = await toySigner(vector.options as unknown as ToyOptions).sign(request, context)
  if (result.patch.headers.authorization !== header('authorization'))
    throw new EzError('EZ_SIGNATURE_MISMATCH', 'toy: refused.')
}

const options: SignerCheckOptions = { credentials: ['key'], verify }
const vectors = [toyVector, { ...toyVector, title: 'the same again' }]

async function failures(
  signer: Provider<ToyOptions> | ((options: ToyOptions) => Signer),
  given: unknown = vectors,
  changed: Partial<SignerCheckOptions> = {},
): Promise<string[]> {
  const failed: string[] = []
  for (const check of signerChecks(signer, given, { ...options, ...changed }))
    await check.run().catch((error: unknown) => {
      expect(error).toBeInstanceOf(EzError)
      failed.push(`${check.title}: ${(error as EzError).message}`)
    })
  return failed
}

/** The toy with its `sign` or another member replaced. */
function broken(change: (signer: Signer, options: ToyOptions) => Partial<Signer>) {
  return (given: ToyOptions): Signer => {
    const signer = toySigner(given)
    return { ...signer, ...change(signer, given) }
  }
}

describeSigner(provider, vectors, { ...options, describe, it })

describe('a signer that breaks a rule fails the check of that rule', () => {
  it('and a good one fails none', async () => {
    expect(await failures(provider)).toEqual([])
  })

  it.each<[string, (options: ToyOptions) => Signer, RegExp]>([
    [
      'another string to sign',
      broken(() => ({
        sign: (request, context) =>
          toySigner({ keyId: 'AK', key: 'key' }).sign({ ...request, method: 'PATCH' }, context),
      })),
      /string-to-sign differs at line 1: expected "POST", signed "PATCH"/,
    ],
    [
      'a changed request',
      broken((signer) => ({
        sign(request, context) {
          const result = signer.sign(request, context)
          if (request.body instanceof Uint8Array) request.body[0] = 0
          return result
        },
      })),
      /leaves the request as it was: .*request differs/,
    ],
    [
      'its own randomness',
      broken((signer) => ({
        sign: (request, context) => signer.sign(request, { ...context, nonce: () => crypto.randomUUID() }),
      })),
      /signs the same under one clock and nonce/,
    ],
    [
      'an undeclared write',
      broken((signer) => ({ writes: { ...signer.writes, headers: ['authorization'] } })),
      /writes only what it declares: toy: it writes the header x-date/,
    ],
    [
      'a declaration in upper case',
      broken((signer) => ({ writes: { ...signer.writes, headers: [...signer.writes.headers, 'X-More'] } })),
      /must be in lower case/,
    ],
    [
      'a secret in the trace',
      broken((signer, { key }) => ({
        async sign(request, context) {
          const result = await signer.sign(request, context)
          return {
            ...result,
            trace: [...result.trace, { id: 'key', value: encodeRfc3986(reveal(key)) }],
            secrets: [],
          }
        },
      })),
      /shows no secret: A secret stands in the trace/,
    ],
    [
      'a secret in an error',
      broken((signer, { key }) => ({
        sign(request, context) {
          if (Number.isNaN(context.now().getTime())) throw new EzError('EZ_TOY', `toy: ${reveal(key)}`)
          return signer.sign(request, context)
        },
      })),
      /A secret stands in an error of sign/,
    ],
    [
      'a stage without a vector',
      broken((signer) => ({
        async sign(request, context) {
          const result = await signer.sign(request, context)
          return { ...result, trace: [...result.trace, { id: 'more', value: '' }] }
        },
      })),
      /The stage more stands in no vector/,
    ],
    [
      'an error without a code',
      broken((signer) => ({
        sign(request, context) {
          if (Number.isNaN(context.now().getTime())) throw new TypeError('oops')
          return signer.sign(request, context)
        },
      })),
      /oops, which is no EzError/,
    ],
    [
      'a body that is not signed',
      broken((signer) => ({
        sign: (request, context) => signer.sign({ ...request, body: null }, context),
      })),
      /string-to-sign differs at line 5/,
    ],
    [
      'no check of its credentials',
      (given) => toySigner({ ...given, key: given.key || 'fallback' }),
      /asks for key: key missing: expected EZ_CREDENTIAL_MISSING, and got a signer/,
    ],
    ['no signer', () => ({}) as Signer, /there is no sign\(\)/],
  ])('%s', async (_, signer, message) => {
    expect((await failures(signer)).join('\n')).toMatch(message)
  })

  it('a verifier that lets changes pass, and one that covers less than the scheme says', async () => {
    expect((await failures(provider, vectors, { verify: () => undefined })).join('\n')).toMatch(
      /another method was accepted/,
    )
    expect((await failures(provider, vectors, { signs: ['method', 'path', 'query'] })).join('\n')).toMatch(
      /one bit of the body was refused/,
    )
  })

  it('a provider with another id, and one that does not know an option', async () => {
    expect((await failures({ ...provider, id: 'other' })).join('\n')).toMatch(/has another id, toy/)
    expect((await failures({ ...provider, options: { type: 'object', properties: {} } })).join('\n')).toMatch(
      /has no option keyId/,
    )
  })
})

describe('the vector format', () => {
  const schema = JSON.parse(
    readFileSync(fileURLToPath(new URL('../schema/vector.json', import.meta.url)), 'utf8'),
  )
  const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
  const change = (changes: Partial<Record<keyof Vector, unknown>>): unknown => [{ ...toyVector, ...changes }]

  it('takes the toy', () => {
    expect(parseVectors(vectors)).toBe(vectors)
    expect(valid(vectors)).toBe(true)
  })

  it.each<[string, unknown]>([
    ['no array', {}],
    ['a text', ['vector']],
    ['an unknown field', change({ note: 1 } as never)],
    ['no source', change({ source: '' })],
    ['no instant', change({ context: {} })],
    ['an empty nonce', change({ context: { now: toyVector.context.now, nonce: '' } })],
    ['options that are no object', change({ options: [] })],
    ['headers as an object', change({ request: { ...toyVector.request, headers: {} } })],
    ['a body without an encoding', change({ request: { ...toyVector.request, body: { data: '' } } })],
    ['a stage that is no text', change({ stages: { 'string-to-sign': 1 } })],
    ['a query of triples', change({ expected: { headers: {}, query: [['a', 'b', 'c']] } })],
    ['deterministic as a text', change({ deterministic: 'no' })],
  ])('refuses %s, and so does the schema', (_, content) => {
    expect(() => parseVectors(content)).toThrow(expect.objectContaining({ code: 'EZ_VECTOR_INVALID' }))
    expect(valid(content)).toBe(false)
  })

  it.each<[string, unknown]>([
    ['an instant that is none', change({ context: { now: 'today' } })],
    ['a relative URL', change({ request: { ...toyVector.request, url: '/a' } })],
    [
      'base64 that is none',
      change({ request: { ...toyVector.request, body: { encoding: 'base64', data: '!' } } }),
    ],
    ['two vectors of one title', [toyVector, toyVector]],
  ])('refuses %s', (_, content) => {
    expect(() => parseVectors(content)).toThrow(expect.objectContaining({ code: 'EZ_VECTOR_INVALID' }))
  })

  it('needs a vector, and the one that `bodies` names', () => {
    expect(() => signerChecks(provider, [], options)).toThrow(/There is no vector/)
    expect(() => signerChecks(provider, vectors, { ...options, bodies: 'x' })).toThrow(/no vector "x"/)
  })
})

describe('the runner', () => {
  it('may be that of Node', () => {
    const file = fileURLToPath(new URL('./support/node-runner.mjs', import.meta.url))
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], {
      env,
      encoding: 'utf8',
    })
    expect(stdout).toMatch(/# pass 1[0-9]\n/)
    expect(stdout).toMatch(/# fail 1\n/)
    expect(status).toBe(1)
  })

  it('must be there', () => {
    expect(() => describeSigner(provider, vectors, options)).toThrow(/Give describe and it/)
  })
})
