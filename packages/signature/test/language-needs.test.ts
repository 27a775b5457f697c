import { createHmac } from 'node:crypto'
import { EzError, type ResolvedRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { describe, expect, test } from 'vitest'
import { defineSignature, type Piece, type SignatureDescription } from '../src/index.ts'
import { verifySignature } from '../src/verify/verify.ts'

// What vendors' own kits do, beyond what their documentation says.
const now = new Date('2026-01-15T12:36:00Z')
const context = { now: () => now, nonce: () => 'n' }
const request: ResolvedRequest = {
  method: 'POST',
  url: 'https://api.example.com:8443/a%20b?b=2&a=~*%20+&c',
  headers: [
    ['content-type', 'text/plain'],
    ['x-b', ' 2  3 '],
    ['x-a-1', '1'],
    ['x-a-2', '2'],
    ['user-agent', 'u'],
  ],
  body: utf8('grüße'),
}
const base = { id: 'needs', options: { secret: 'secret' } } as const
const signature = { hmac: 'sha256', key: 'secret', of: 'text', as: 'hex' } as const

async function textOf(text: Piece, lists: SignatureDescription['lists'] = {}): Promise<string | undefined> {
  const provider = defineSignature({ ...base, lists, stages: { text }, signature } as SignatureDescription)
  const stages = await provider.stages(request, { secret: 's' } as never, context)
  return stages.find(({ id }) => id === 'text')?.value
}

const codeOf = (make: () => unknown): unknown => {
  try {
    make()
  } catch (error) {
    return EzError.isInstance(error) ? [error.code, error.details.place] : error
  }
  return 'created'
}

describe('the language', () => {
  test('has a query as written, encoded anew and sorted, and as a form; the wire keeps its own', async () => {
    const lists = {
      strict: { of: 'query', name: 'percent', value: 'percent' },
      form: { of: 'query', name: 'form', value: 'form', sort: 'none' },
    } as const
    const pairs = (each: string): Piece => ({ each, write: '{name}={value}', with: '&' })
    expect(await textOf('{query}', lists)).toBe('b=2&a=~*%20+&c')
    expect(await textOf(pairs('strict'), lists)).toBe('a=~%2A%20%2B&b=2&c=')
    expect(await textOf(pairs('form'), lists)).toBe('b=2&a=%7E*+%2B&c=')
    expect(request.url).toContain('?b=2&a=~*%20+&c')
  })

  test('chooses headers by prefixes and by exclusions', async () => {
    const lines: Piece = { each: 'signed', write: '{name}:{value}', with: '\n' }
    expect(await textOf(lines, { signed: { of: 'headers', only: ['x-a-*'], except: ['x-a-2'] } })).toBe(
      'x-a-1:1',
    )
    const rest = {
      of: 'headers',
      except: ['content-type', 'user-agent', 'host'],
      value: 'trim|collapse',
    } as const
    expect(await textOf(lines, { signed: rest })).toBe('x-a-1:1\nx-a-2:2\nx-b:2 3')
  })

  test('spells and orders the list of names apart from the lines', async () => {
    const lists = {
      told: { of: 'headers', only: ['X-B', 'Content-Type'], sort: 'none' },
      lines: { of: 'headers', only: ['X-B', 'Content-Type'], name: 'lower' },
    } as const
    const piece: Piece = [
      { each: 'told', write: '{name}', with: ' ' },
      '|',
      { each: 'lines', write: '{name}', with: ' ' },
    ]
    expect(await textOf(piece, lists)).toBe('X-B Content-Type|content-type x-b')
  })

  test('encodes not at all, once or twice, and replaces single characters', async () => {
    expect(await textOf('{path}')).toBe('/a%20b')
    expect(await textOf('{path|percent-decode}')).toBe('/a b')
    expect(await textOf('{path|percent:/}')).toBe('/a%2520b')
    expect(await textOf('{path|percent|percent}')).toBe('%252Fa%252520b')
    expect(await textOf('{query|replace:+:%2520|replace:~:%257E}')).toBe('b=2&a=%7E*%20%20&c')
  })

  test('counts the first n in bytes or in characters', async () => {
    expect(await textOf('{body|text|first:3}')).toBe('grü')
    expect(await textOf('{body|first-bytes:4|text}')).toBe('grü')
    expect(await textOf('{body|first-bytes:4|hex}')).toBe('6772c3bc')
  })

  test('has the host with its port and without', async () => {
    expect(await textOf('{host} {hostname} {port}')).toBe('api.example.com:8443 api.example.com 8443')
  })

  test('tolerates seconds on one side or on both', async () => {
    const description = (receives: SignatureDescription['receives']): SignatureDescription => ({
      ...base,
      time: { timestamp: 'unix' },
      signature: { hmac: 'sha256', key: 'secret', of: '{timestamp}{body}', as: 'hex' },
      writes: { headers: { 'x-time': '{timestamp}', 'x-sign': '{signature}' } },
      ...(receives && { receives }),
    })
    const tryAt = async (seconds: number, receives: SignatureDescription['receives']): Promise<unknown> => {
      const text = String(now.getTime() / 1000 + seconds)
      const sign = createHmac('sha256', 's').update(`${text}grüße`).digest('hex')
      const headers: [string, string][] = [
        ['x-time', text],
        ['x-sign', sign],
      ]
      try {
        await verifySignature(description(receives))({ ...request, headers }, { secretFor: () => 's', now })
        return 'accepted'
      } catch (error) {
        return EzError.isInstance(error) ? [error.code, error.details.clockOffsetMs] : error
      }
    }
    expect(await tryAt(-20, { tolerance: 20 })).toBe('accepted')
    expect(await tryAt(-21, { tolerance: 20 })).toEqual(['EZ_CLOCK_SKEW', 21_000])
    expect(await tryAt(21, { tolerance: 20 })).toEqual(['EZ_CLOCK_SKEW', -21_000])
    expect(await tryAt(21, { tolerance: 20, sides: 'past' })).toBe('accepted')
    expect(await tryAt(-301, undefined)).toEqual(['EZ_CLOCK_SKEW', 301_000])
  })

  test('chooses algorithm and secret by a header, from the list of the description', async () => {
    const rule = (hmac: 'sha1' | 'sha256', key: string) => ({ hmac, key, of: 'body', as: 'hex' }) as const
    const verify = verifySignature({
      id: 'chosen',
      options: {
        algorithm: { oneOf: ['HMAC_SHA256', 'HMAC_SHA1'], default: 'HMAC_SHA1' },
        old: 'secret',
        new: 'secret',
      },
      signature: {
        choose: 'algorithm',
        from: { HMAC_SHA1: rule('sha1', 'old'), HMAC_SHA256: rule('sha256', 'new') },
      },
      writes: { headers: { 'x-algorithm?': '{algorithm}', 'x-sign': '{signature}' } },
    })
    const tryWith = async (algorithm: string, hash: string, key: string): Promise<unknown> => {
      const sign = createHmac(hash, key).update('grüße').digest('hex')
      const headers: [string, string][] = [
        ['x-algorithm', algorithm],
        ['x-sign', sign],
      ]
      try {
        await verify({ ...request, headers }, { secretFor: () => ({ old: 'one', new: 'two' }), now })
        return 'accepted'
      } catch (error) {
        return EzError.isInstance(error) ? error.code : error
      }
    }
    expect(await tryWith('HMAC_SHA256', 'sha256', 'two')).toBe('accepted')
    expect(await tryWith('HMAC_SHA1', 'sha1', 'one')).toBe('accepted')
    expect(await tryWith('HMAC_SHA256', 'sha256', 'one')).toBe('EZ_SIGNATURE_MISMATCH')
    expect(await tryWith('HMAC_SHA1', 'sha256', 'two')).toBe('EZ_SIGNATURE_MISMATCH')
    expect(await tryWith('HMAC_MD5', 'md5', 'one')).toBe('EZ_SCOPE_MISMATCH')
  })
})

describe('what is wrong is refused when it is created, with its place', () => {
  const described = (fields: object): unknown =>
    codeOf(() => defineSignature({ ...base, stages: { text: '{body}' }, signature, ...fields } as never))
  const headers = (written: object): object => ({ writes: { headers: written } })

  test.each([
    ['an unknown piece', { stages: { text: ['{method}', '{bodies}'] } }, 'stages.text[1]'],
    ['a stage that uses a later one', { stages: { text: '{last}', last: '{body}' } }, 'stages.text'],
    ['a stage that uses itself', { stages: { text: '{text}' } }, 'stages.text'],
    ['an unknown transform', { stages: { text: '{body|sha3}' } }, 'stages.text'],
    ['a secret that would be sent', headers({ a: '{secret}', b: '{signature}' }), 'writes.headers.a'],
    [
      'a secret that would be sent in base64',
      headers({ a: 'x{secret|base64}', b: '{signature}' }),
      'writes.headers.a',
    ],
    [
      'a header that is signed before it can exist',
      { stages: { text: '{header:x-sign}' }, ...headers({ 'x-sign': '{signature}' }) },
      'writes.headers.x-sign',
    ],
    [
      'a header that is written twice',
      headers({ 'X-Sign': '{signature}', 'x-sign': '{text}' }),
      'writes.headers.x-sign',
    ],
    ['bytes that are written', headers({ a: '{text|sha256}', b: '{signature}' }), 'writes.headers.a'],
    ['a signature in bytes', { signature: { ...signature, as: 'trim' } }, 'signature.as'],
    ['a key that everybody has', { signature: { ...signature, key: 'text' } }, 'signature.key'],
    ['a hash without a secret', { signature: { hash: 'sha256', of: 'text', as: 'hex' } }, 'signature'],
    [
      '65 stages',
      {
        stages: Object.fromEntries([['text', 'x'], ...Array.from({ length: 64 }, (_, i) => [`s${i}`, 'x'])]),
      },
      'stages',
    ],
    [
      '257 pieces',
      { stages: { text: Array.from({ length: 257 }, () => 'x') } },
      expect.stringContaining('stages.text['),
    ],
    [
      '17 levels',
      { stages: { text: Array.from({ length: 17 }).reduce((inner) => [inner], 'x' as unknown) } },
      expect.stringContaining('stages.text'),
    ],
    ['more than 1 MiB', { stages: { text: 'x'.repeat(1_048_577) } }, 'description'],
    ['what JSON cannot hold', { source: 1n }, 'description'],
  ])('%s', (_title, fields, place) => {
    expect(described(fields)).toEqual(['EZ_OPTION_INVALID', place])
  })

  test('64 stages, 256 pieces and 16 levels are created', () => {
    const stages = Object.fromEntries([
      ['text', 'x'],
      ...Array.from({ length: 63 }, (_, i) => [`s${i}`, 'x']),
    ])
    expect(described({ stages })).toBe('created')
    expect(described({ stages: { text: Array.from({ length: 120 }, () => 'x') } })).toBe('created')
    expect(
      described({ stages: { text: Array.from({ length: 16 }).reduce((inner) => [inner], 'x' as unknown) } }),
    ).toBe('created')
  })
})

describe('signing is closed', () => {
  const stagesOf = async (
    text: Piece,
    changed: Partial<ResolvedRequest> = {},
    options = {},
  ): Promise<unknown> => {
    const provider = defineSignature({
      id: 'closed',
      options: { secret: 'secret', long: 'text?' },
      stages: { text },
      signature,
    } as SignatureDescription)
    try {
      await provider.stages({ ...request, ...changed }, { secret: 's', ...options } as never, context)
      return 'signed'
    } catch (error) {
      return EzError.isInstance(error) ? error.code : error
    }
  }
  test('a condition without a branch that fits is an error', async () => {
    expect(await stagesOf({ when: { method: 'GET' }, then: '{query}' })).toBe('EZ_BRANCH_MISSING')
    expect(await stagesOf({ choose: 'method', from: { GET: 'x' } })).toBe('EZ_BRANCH_MISSING')
  })
  test('a body that cannot be read for signing is unsignable', async () => {
    expect(await stagesOf('{body}', { body: new ReadableStream() })).toBe('EZ_BODY_UNSIGNABLE')
    expect(await stagesOf('{json:/a}')).toBe('EZ_BODY_UNSIGNABLE')
    expect(await stagesOf('{form:a}')).toBe('EZ_BODY_UNSIGNABLE')
    expect(await stagesOf('{body|text}', { body: Uint8Array.of(0xff) })).toBe('EZ_BODY_UNSIGNABLE')
  })
  test('a part that is signed and absent is an error, unless it may be', async () => {
    expect(await stagesOf('{header:date}')).toBe('EZ_COMPONENT_MISSING')
    expect(await stagesOf('{header:date?}')).toBe('signed')
  })
  test('a text beyond 1 MiB beside the body is refused', async () => {
    const long = { long: 'x'.repeat(300_000) }
    expect(await stagesOf('{long}{long}{long}', {}, long)).toBe('signed')
    expect(await stagesOf('{long}{long}{long}{long}', {}, long)).toBe('EZ_OPTION_INVALID')
    expect(await stagesOf('{body}', { body: new Uint8Array(3_000_000) })).toBe('signed')
  })
})
