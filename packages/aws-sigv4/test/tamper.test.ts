// sign → verify → tamper: any change to a signed part is refused, any change to an unsigned part is not.
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import type { Pairs, ResolvedRequest } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signed, verifierOptions } from './support/signing.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 6 })
const requests = fc
  .record({
    method: fc.constantFrom('PUT', 'POST'),
    segments: fc.array(
      text.filter((one) => one !== '.' && one !== '..'),
      { maxLength: 3 },
    ),
    query: fc.array(fc.tuple(text, text), { maxLength: 3 }),
    value: fc.stringMatching(/^[!-~]( [!-~]){0,3}$/),
    body: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  })
  .map(({ method, segments, query, value, body }): ResolvedRequest => {
    const search = query.map((pair) => pair.map(encodeRfc3986).join('=')).join('&')
    return {
      method,
      url: `https://host.example.com/${segments.map(encodeRfc3986).join('/')}${search === '' ? '' : `?${search}`}`,
      headers: [
        ['content-type', 'text/plain'],
        ['user-agent', 'ez'],
        ['x-amz-meta-a', value],
      ],
      body,
    }
  })
  .filter(({ url }) => new URL(url).href === url)

function change(headers: Pairs, name: string, to: (value: string) => string | undefined): Pairs {
  return headers.flatMap(([one, value]): Pairs => {
    if (one !== name) return [[one, value]]
    const changed = to(value)
    return changed === undefined ? [] : [[one, changed]]
  })
}

/** Another character of the same kind at a place. */
function flip(value: string, at: number): string {
  const index = at % value.length
  const other = value[index] === '0' ? '1' : '0'
  return value.slice(0, index) + other + value.slice(index + 1)
}

type Tampering = (sent: ResolvedRequest, at: number) => ResolvedRequest

const tamperings: Readonly<Record<string, Tampering>> = {
  'the method': (sent) => ({ ...sent, method: sent.method === 'PUT' ? 'POST' : 'PUT' }),
  'the path': (sent) => ({ ...sent, url: sent.url.replace('example.com/', 'example.com/x') }),
  'the host': (sent) => ({ ...sent, url: sent.url.replace('host.', 'other.') }),
  'a new parameter': (sent) => ({ ...sent, url: `${sent.url}${sent.url.includes('?') ? '&' : '?'}new=1` }),
  'a byte of the body': (sent, at) => {
    const body = Uint8Array.from(sent.body as Uint8Array)
    body[at % body.length] = (body[at % body.length] as number) ^ 1
    return { ...sent, body }
  },
  'a longer body': (sent) => ({ ...sent, body: Uint8Array.of(...(sent.body as Uint8Array), 0) }),
  'content-type': (sent) => ({ ...sent, headers: change(sent.headers, 'content-type', () => 'text/html') }),
  'a header left out': (sent) => ({
    ...sent,
    headers: change(sent.headers, 'x-amz-meta-a', () => undefined),
  }),
  'a header of AWS added': (sent) => ({ ...sent, headers: [...sent.headers, ['x-amz-acl', 'public-read']] }),
  'a header repeated': (sent) => ({ ...sent, headers: [...sent.headers, ['x-amz-meta-a', 'again']] }),
}

const inHeader: Readonly<Record<string, Tampering>> = {
  'the signature': (sent, at) => ({
    ...sent,
    headers: change(
      sent.headers,
      'authorization',
      (value) => value.slice(0, -64) + flip(value.slice(-64), at),
    ),
  }),
  'the date': (sent) => ({
    ...sent,
    headers: change(sent.headers, 'x-amz-date', (value) => value.replace('3600Z', '3601Z')),
  }),
  'the signed names': (sent) => ({
    ...sent,
    headers: change(sent.headers, 'authorization', (value) => value.replace('content-type;', '')),
  }),
}

const inQuery: Readonly<Record<string, Tampering>> = {
  'the signature': (sent, at) => ({ ...sent, url: sent.url.slice(0, -64) + flip(sent.url.slice(-64), at) }),
  'the expiry': (sent) => ({ ...sent, url: sent.url.replace('Expires=900', 'Expires=901') }),
}

describe.each([
  ['execute-api', 'header', inHeader],
  ['execute-api', 'query', inQuery],
  ['s3', 'header', inHeader],
] as const)('%s, %s', (service, placement, more) => {
  const all = { ...tamperings, ...more }
  it.each(Object.keys(all))('%s: refused', async (what) => {
    const tamper = (all as Record<string, Tampering>)[what] as Tampering
    await fc.assert(
      fc.asyncProperty(requests, fc.nat(), async (request, at) => {
        const sent = await signed(request, { service, placement })
        await verifyAwsSigV4(sent, verifierOptions)
        await expect(verifyAwsSigV4(tamper(sent, at), verifierOptions)).rejects.toMatchObject({
          code: expect.stringMatching(/^EZ_/),
        })
      }),
      { numRuns: 25, seed: 4 },
    )
  })

  it('an unsigned header, the order of headers, the space around a value: accepted', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const sent = await signed(request, { service, placement })
        const headers = change(sent.headers, 'user-agent', () => 'another')
        const spaced = change(
          [...headers].reverse(),
          'x-amz-meta-a',
          (value) => `  ${value.replaceAll(' ', '   ')} `,
        )
        await verifyAwsSigV4({ ...sent, headers: [...spaced, ['x-request-id', '1']] }, verifierOptions)
      }),
      { numRuns: 25, seed: 4 },
    )
  })
})
