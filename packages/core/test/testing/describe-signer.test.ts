import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createHmacKey, encodeRfc3986, hash, hmac, sha256 } from '@ez/core/crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import {
  checkOptions,
  EzError,
  type Provider,
  reveal,
  type Secret,
  type Signer,
  type SignResult,
} from '../../src/index.ts'
import {
  describeSigner,
  parseVectors,
  type SignerCheckOptions,
  signerChecks,
  type Vector,
} from '../../src/testing.ts'
import { toyVector } from '../support/toy-vector.ts'

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
      const instant = context.now().getTime()
      if (Number.isNaN(instant)) throw new EzError('EZ_CLOCK_INVALID', 'toy: the clock gives no instant.')
      const date = String(instant)
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
    const amending = broken(() => ({
      writes: { headers: ['x-date', 'x-nonce'], query: [], amends: ['authorization'] },
    }))
    expect(await failures(amending)).toEqual([])
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
      /leaves the request and its options as they were: .*request differs/,
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
      'a header to amend in upper case',
      broken((signer) => ({ writes: { ...signer.writes, amends: ['X-More'] } })),
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
    [
      'options that it changes',
      (given) => {
        const kept = { ...given }
        ;(given as { key: unknown }).key = 'another'
        return toySigner(kept)
      },
      /leaves the request and its options as they were: .*options differs/,
    ],
    [
      'a clock without an instant',
      broken((signer) => ({
        sign(request, context) {
          const now = Number.isNaN(context.now().getTime()) ? new Date(0) : context.now()
          return signer.sign(request, { now: () => now, nonce: () => context.nonce() })
        },
      })),
      /it signed with a clock that gives no instant/,
    ],
    [
      'a stream taken for an empty body',
      broken((signer) => ({
        sign: (request, context) =>
          signer.sign(
            { ...request, body: request.body instanceof Uint8Array ? request.body : null },
            context,
          ),
      })),
      /signs no stream that it would have to read: .*got a signature/,
    ],
    [
      'a header that it declares and does not write',
      broken((signer) => ({
        writes: { ...signer.writes, headers: [...signer.writes.headers, 'content-type'] },
      })),
      /the header content-type is lost/,
    ],
    [
      'its first result for ever',
      broken((signer) => {
        let first: SignResult | Promise<SignResult> | undefined
        const sign: Signer['sign'] = (request, context) => {
          first ??= signer.sign(request, context)
          return first
        }
        return { sign }
      }),
      /the result of the same signer at a later time differs/,
    ],
    [
      'a secret in the cause of an error',
      broken((signer, { key }) => ({
        sign(request, context) {
          if (Number.isNaN(context.now().getTime()))
            throw new EzError('EZ_TOY', 'toy: bad.', { cause: new Error(reveal(key)) })
          return signer.sign(request, context)
        },
      })),
      /A secret stands in an error of sign/,
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

  it('a verifier that reads no body, where no vector has one', async () => {
    const bare: SignerCheckOptions['verify'] = (request, vector) =>
      request.body === null ? verify?.(request, vector) : undefined
    const get = structuredClone(toyVector) as { -readonly [Field in keyof Vector]: Vector[Field] }
    get.request = { ...get.request, method: 'GET', body: null }
    get.stages = {}
    expect((await failures(provider, [get], { verify: bare })).join('\n')).toMatch(
      /signs the large body: large body: another last byte was accepted/,
    )
  })

  it('no stage to show, and a secret whose place is misspelt', async () => {
    expect((await failures(provider, [{ ...toyVector, stages: {} }])).join('\n')).toMatch(
      /No vector has a stage/,
    )
    expect((await failures(provider, vectors, { secrets: ['kee'] })).join('\n')).toMatch(
      /No vector has the option kee/,
    )
  })

  it('no verifier for a signature that is drawn anew', () => {
    const random = [{ ...toyVector, deterministic: false }]
    expect(() => signerChecks(provider, random, { credentials: ['key'] })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })

  it('does not claim to have verified where there is no verifier', () => {
    const titles = (given: SignerCheckOptions): string[] =>
      signerChecks(provider, vectors, given).map(({ title }) => title)
    const verified = 'verifies, and no longer once it is tampered with'
    expect(titles(options)).toContain(verified)
    expect(titles({ credentials: ['key'] })).not.toContain(verified)
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
    readFileSync(fileURLToPath(new URL('../../schema/vector.json', import.meta.url)), 'utf8'),
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
    ['a source of blanks', change({ source: ' ' })],
    ['an instant of this machine', change({ context: { now: '2026-01-15T12:36:00' } })],
    ['an instant in words', change({ context: { now: '15 Jan 2026' } })],
    ['a method in lower case', change({ request: { ...toyVector.request, method: 'post' } })],
    ['a header in upper case', change({ request: { ...toyVector.request, headers: [['Accept', '*/*']] } })],
    ['a written header in upper case', change({ expected: { headers: { 'X-Date': '1' }, query: [] } })],
    ['a stage that is no id', change({ stages: { 'String To Sign': '' } })],
    ['a URL with a fragment', change({ request: { ...toyVector.request, url: 'https://a.example/#b' } })],
    ['a relative URL', change({ request: { ...toyVector.request, url: '/a' } })],
  ])('refuses %s, and so does the schema', (_, content) => {
    expect(() => parseVectors(content)).toThrow(expect.objectContaining({ code: 'EZ_VECTOR_INVALID' }))
    expect(valid(content)).toBe(false)
  })

  it.each<[string, unknown]>([
    ['a day that is none', change({ context: { now: '2026-13-01T00:00:00Z' } })],
    [
      'a header twice',
      change({ request: { ...toyVector.request, headers: ['1', '2'].map((value) => ['accept', value]) } }),
    ],
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
    const file = fileURLToPath(new URL('../support/node-runner.mjs', import.meta.url))
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
