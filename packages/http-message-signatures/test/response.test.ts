import { EzError, type ResolvedRequest, signRequest } from '@ez/core'
import { mutantsOf } from '@ez/core/testing'
import { httpMessageSignatures } from '@ez/http-message-signatures'
import {
  signHttpResponse,
  type VerifyHttpResponseOptions,
  verifyHttpResponse,
} from '@ez/http-message-signatures/response'
import { httpbis } from 'http-message-signatures'
import { describe, expect, it } from 'vitest'
import { publicKey } from './keys.ts'
import vectors from './rfc9421-responses.json' with { type: 'json' }

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const pairs = (headers: readonly (readonly string[])[]) => headers as [string, string][]

describe('the published signatures of responses', () => {
  const options = { secretFor: publicKey, requiredComponents: [], now: new Date('2021-04-20T02:07:56Z') }

  it.each(vectors.map((vector) => [vector.source, vector] as const))('%s verifies', async (_, vector) => {
    const { status, headers, body } = vector.response
    const request: ResolvedRequest = { ...vector.request, headers: pairs(vector.request.headers), body: null }
    const response = { status, headers: pairs(headers), body: bytes(body) }
    const verified = await verifyHttpResponse(response, { ...options, request })
    expect(verified).toMatchObject({ ...vector.expected, body: bytes(body) })
    // The same by the platform's own class, which stays readable.
    const platform = new Response(body, { status, headers: pairs(headers) })
    expect((await verifyHttpResponse(platform, { ...options, request })).covers).toEqual(verified.covers)
    expect(await platform.text()).toBe(body)
    const other = verifyHttpResponse({ ...response, status: 201 }, { ...options, request })
    await expect(other).rejects.toMatchObject({ code: 'EZ_SIGNATURE_MISMATCH' })
  })

  it('covers the request only together with it', async () => {
    const vector = vectors.find(({ expected }) => expected.covers.request.method)
    const { status, headers, body } = (vector as (typeof vectors)[number]).response
    const response = { status, headers: pairs(headers), body: bytes(body) }
    const request: ResolvedRequest = {
      method: 'GET',
      url: 'https://example.com/foo',
      headers: [],
      body: null,
    }
    for (const answered of [undefined, request])
      await expect(
        verifyHttpResponse(response, { ...options, ...(answered && { request: answered }) }),
      ).rejects.toMatchObject({ code: 'EZ_AUTHORIZATION_INVALID' })
  })
})

const now = new Date('2026-01-15T12:36:00Z')
const signing = { algorithm: 'hmac-sha256', key: 'c2VjcmV0IGtleQ==', keyId: 'a' } as const
const request: ResolvedRequest = {
  method: 'POST',
  url: 'https://example.com/orders?a=1&c%20d=2',
  headers: [['x-list', 'a,  b']],
  body: null,
}
const response = { status: 201, headers: pairs([['content-type', 'text/plain']]), body: bytes('made') }
const verifying: VerifyHttpResponseOptions = {
  secretFor: (keyId) => (keyId === 'a' ? signing : undefined),
  requiredComponents: ['@status', 'content-digest', '"@method";req', '"@target-uri";req'],
  request,
  now,
}

function sign(components?: readonly string[], label?: string) {
  const options = { ...signing, ...(components && { components }), ...(label && { label }) }
  return signHttpResponse(response, options, { request, clock: () => now, nonce: () => 'n-1' })
}

async function answer(components?: readonly string[]) {
  const { headers } = await sign(components)
  return { ...response, headers: [...response.headers, ...Object.entries(headers)] }
}

describe('a response that is signed', () => {
  it('is bound to its request by default', async () => {
    const signed = await answer()
    expect(await verifyHttpResponse(signed, verifying)).toEqual({
      keyId: 'a',
      label: 'sig1',
      signedNames: ['"@status"', '"content-digest"', '"@method";req', '"@target-uri";req'],
      covers: {
        status: true,
        headers: ['content-digest'],
        body: 'all',
        request: { method: true, host: true, path: true, query: 'all', headers: [], body: 'none' },
      },
      body: response.body,
    })
    const elsewhere = { ...request, url: 'https://example.com/orders?a=2' }
    await expect(verifyHttpResponse(signed, { ...verifying, request: elsewhere })).rejects.toMatchObject({
      code: 'EZ_SIGNATURE_MISMATCH',
    })
    await expect(verifyHttpResponse({ ...signed, body: bytes('MADE') }, verifying)).rejects.toMatchObject({
      code: 'EZ_BODY_MISMATCH',
    })
  })

  it('takes every component of the request, and shows what it signed', async () => {
    const components = [
      '@status',
      'content-type',
      '"@query-param";name="c%20d";req',
      '"x-list";req;sf',
      '"x-list";bs;req',
    ]
    const fieldTypes = { 'x-list': 'list' } as const
    const signed = await signHttpResponse(response, { ...signing, components, fieldTypes }, { request })
    expect(signed.trace[0]?.value.split('\n').slice(0, -1)).toEqual([
      '"@status": 201',
      '"content-type": text/plain',
      '"@query-param";name="c%20d";req: 2',
      '"x-list";req;sf: a, b',
      '"x-list";bs;req: :YSwgIGI=:',
    ])
    const received = { ...response, headers: [...response.headers, ...Object.entries(signed.headers)] }
    const { now: _, ...current } = { ...verifying, requiredComponents: components, fieldTypes }
    expect((await verifyHttpResponse(received, current)).signedNames).toEqual(components.map(quoted))
  })

  it('has the base of http-message-signatures', async () => {
    const components = ['@status', 'content-type', '"@method";req', '"@path";req', '"@query";req']
    const { trace } = await sign(components)
    const theirs = httpbis.formatSignatureBase(
      httpbis.createSignatureBase(
        { fields: components.map(quoted) },
        { status: response.status, headers: Object.fromEntries(response.headers) },
        { method: request.method, url: request.url, headers: {} },
      ),
    )
    expect(trace[0]?.value.split('\n').slice(0, -1).join('\n')).toBe(theirs)
  })

  it('keeps a signature under another label, and refuses one by another key', async () => {
    const first = await answer()
    const second = await signHttpResponse(
      first,
      { ...signing, label: 'proxy', keyId: 'b' },
      { clock: () => now },
    )
    const both = { ...first, headers: [...response.headers, ...Object.entries(second.headers)] }
    await verifyHttpResponse(both, { ...verifying, label: 'sig1' })
    const other = { ...verifying, label: 'proxy', requiredComponents: [], secretFor: () => signing }
    expect(await verifyHttpResponse(both, other)).toMatchObject({ keyId: 'b', covers: { status: true } })
    await expect(signHttpResponse(first, { ...signing, keyId: 'b' })).rejects.toMatchObject({
      code: 'EZ_WRITE_CONFLICT',
    })
  })
})

it.each<[string, string]>([
  ['@method', 'EZ_OPTION_INVALID'],
  ['"@status";req', 'EZ_OPTION_INVALID'],
  ['"content-type";tr', 'EZ_OPTION_INVALID'],
  ['"@method";req;req', 'EZ_OPTION_INVALID'],
  ['x-absent', 'EZ_COMPONENT_MISSING'],
  ['"x-absent";req', 'EZ_COMPONENT_MISSING'],
])('%s is no component of this response', async (component, code) => {
  await expect(sign([component])).rejects.toMatchObject({ code })
  const required = { ...verifying, requiredComponents: [component] }
  if (code === 'EZ_OPTION_INVALID')
    await expect(verifyHttpResponse(await answer(), required)).rejects.toMatchObject({ code })
})

it('refuses what is no response, was read before, or covers less than is asked for', async () => {
  await expect(verifyHttpResponse({} as never, verifying)).rejects.toMatchObject({
    code: 'EZ_REQUEST_INVALID',
  })
  const { status, headers, body } = await answer()
  const read = new Response(body, { status, headers })
  await read.text()
  await expect(verifyHttpResponse(read, verifying)).rejects.toMatchObject({ code: 'EZ_BODY_INVALID' })
  await expect(verifyHttpResponse(await answer(['@status']), verifying)).rejects.toMatchObject({
    code: 'EZ_COMPONENT_UNSIGNED',
  })
  await expect(
    sign(['"@method";req']).then(() =>
      signHttpResponse(response, { ...signing, components: ['"@method";req'] }),
    ),
  ).rejects.toMatchObject({ code: 'EZ_COMPONENT_MISSING' })
})

it('signatures of requests have neither @status nor req', async () => {
  for (const component of ['@status', '"@method";req'])
    await expect(
      (async () => signRequest(request, [httpMessageSignatures({ ...signing, components: [component] })]))(),
    ).rejects.toMatchObject({ code: 'EZ_OPTION_INVALID' })
})

describe('mutants of a response and of its request', () => {
  const total = Math.ceil(Number(process.env.EZ_MUTANTS ?? 5000) / 9)

  it('are refused, or are the same', async () => {
    const signed = await answer([
      '@status',
      'content-type',
      'content-digest',
      '"@method";req',
      '"@target-uri";req',
    ])
    const sent = { method: request.method, url: request.url, headers: signed.headers, body: signed.body }
    const counts = { refused: 0, equal: 0 }
    for (const { request: mutant, changes } of mutantsOf(sent, total, 20_260_120)) {
      const told = `seed 20260120, ${changes}`
      const answered = { method: mutant.method, url: mutant.url, headers: [], body: null }
      const received = { status: 201, headers: mutant.headers, body: mutant.body as Uint8Array }
      try {
        const verified = await verifyHttpResponse(received, { ...verifying, request: answered })
        counts.equal += 1
        expect(answered.method, told).toBe(request.method)
        expect(new URL(answered.url).href.replace(/#.*$/s, ''), told).toBe(request.url)
        expect(verified.body, told).toEqual(response.body)
        const type = new Headers(mutant.headers as [string, string][]).get('content-type')
        expect(type, told).toBe('text/plain')
      } catch (error) {
        if (!EzError.isInstance(error)) throw error
        counts.refused += 1
      }
    }
    expect(counts.refused).toBeGreaterThan(total / 4)
    expect(counts.equal).toBeGreaterThan(0)
  })
})

function quoted(component: string): string {
  return component.startsWith('"') ? component : `"${component}"`
}
