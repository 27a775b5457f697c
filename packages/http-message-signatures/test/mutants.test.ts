// Mutants over several ways to sign: each refused with a code, or the same by the rules of RFC 9421.
import { EzError, type ResolvedRequest, signRequest } from '@ez/core'
import { mutantsOf } from '@ez/core/testing'
import { type HttpMessageSignaturesOptions, httpMessageSignatures } from '@ez/http-message-signatures'
import {
  type VerifiedHttpMessageSignatures,
  verifyHttpMessageSignatures,
} from '@ez/http-message-signatures/verify'
import {
  parseDictionary,
  parseList,
  serializeDictionary,
  serializeInnerList,
  serializeItem,
  serializeList,
} from 'structured-headers'
import { describe, expect, it } from 'vitest'
import vectors from '../vectors/rfc9421.json' with { type: 'json' }
import { publicKey } from './keys.ts'

const now = new Date('2026-01-15T12:36:00Z')
const ed25519 = vectors.find(({ options }) => options.keyId === 'test-key-ed25519')?.options.key as string
const shared = 'c2VjcmV0IGtleQ=='

const modes: Readonly<Record<string, Partial<HttpMessageSignaturesOptions>>> = {
  'method, URL and body': { components: ['@method', '@target-uri', 'content-digest'] },
  'parts of the URL': {
    components: ['@method', '@scheme', '@authority', '@path', '@query', 'content-digest'],
  },
  'the target of the request': { components: ['@method', '@authority', '@request-target', 'content-digest'] },
  'some parameters': {
    components: [
      '@method',
      '@authority',
      '@path',
      '"@query-param";name="a"',
      '"@query-param";name="c%20d"',
      'content-digest',
    ],
  },
  'headers as they are': { components: ['@method', '@target-uri', 'x-a', 'content-type', 'content-digest'] },
  'headers as structured fields': {
    components: ['@method', '@target-uri', '"x-dict";key="b"', '"x-list";sf', '"x-a";bs', 'content-digest'],
    fieldTypes: { 'x-list': 'list' },
  },
  'a member of content-digest': { components: ['@method', '@target-uri', '"content-digest";key="sha-256"'] },
  'Ed25519, with all parameters': {
    algorithm: 'ed25519',
    key: ed25519,
    keyId: 'test-key-ed25519',
    alg: true,
    nonce: true,
    expiresIn: 60,
    tag: 'web-bot-auth',
    components: ['@method', '@authority', '@target-uri', 'content-digest'],
  },
}

const request = {
  method: 'POST',
  url: 'https://host.example.com/a%20b/c+d/%C3%BC?a=1&c+d=x%20y&e=%2B&bare',
  headers: [
    ['content-type', 'text/plain; charset=utf-8'],
    ['x-a', 'one  two'],
    ['x-dict', 'a=1, b=2;x="y", c'],
    ['x-list', 'one,  "two";q=0.5'],
  ] as [string, string][],
  body: '{"a":1,"b":"text of a body"}',
}

const total = Number(process.env.EZ_MUTANTS ?? 5000)
const each = Math.ceil(total / Object.keys(modes).length)

describe(`${total} mutants`, () => {
  it.each(Object.entries(modes))('%s: none is taken for what was not signed', async (name, changes) => {
    const seed = 20_260_115 + Object.keys(modes).indexOf(name)
    const options = {
      algorithm: 'hmac-sha256',
      key: shared,
      keyId: 'a',
      ...changes,
    } as HttpMessageSignaturesOptions
    const { method, url, headers, body } = await signRequest(request, [httpMessageSignatures(options)], {
      clock: () => now,
      nonce: () => 'n-1',
    })
    const sent: ResolvedRequest = { method, url, headers, body }
    const first = await verdictOf(sent, options)
    expect(first.error).toBeUndefined()
    const original = meaningOf(sent, options.components ?? [])
    const counts = { refused: 0, equal: 0 }
    for (const mutant of mutantsOf(sent, each, seed)) {
      const { error, verified } = await verdictOf(mutant.request, options)
      const told = `seed ${seed}, ${mutant.changes}: ${mutant.request.url} ${JSON.stringify(mutant.request.headers)}`
      if (error !== undefined) {
        expect(EzError.isInstance(error), `${told} ${String(error)}`).toBe(true)
        counts.refused += 1
        continue
      }
      counts.equal += 1
      expect(meaningOf(mutant.request, options.components ?? []), told).toEqual(original)
      expect(verified?.covers, told).toEqual(first.verified?.covers)
      expect(verified?.body, told).toEqual(sent.body)
    }
    console.log(
      `http-message-signatures mutants, ${name}: ${each}, ${counts.refused} refused, ${counts.equal} the same (seed ${seed})`,
    )
    expect(counts.refused).toBeGreaterThan(each / 4)
    expect(counts.equal).toBeGreaterThan(0)
  })
})

async function verdictOf(
  received: ResolvedRequest,
  { components, fieldTypes, tag }: HttpMessageSignaturesOptions,
): Promise<{ error?: unknown; verified?: VerifiedHttpMessageSignatures }> {
  try {
    const verified = await verifyHttpMessageSignatures(received, {
      secretFor: (keyId) => (keyId === 'a' ? { algorithm: 'hmac-sha256', key: shared } : publicKey(keyId)),
      requiredComponents: components ?? [],
      ...(fieldTypes && { fieldTypes }),
      ...(tag !== undefined && { tag }),
      now,
    })
    return { verified }
  } catch (error) {
    return { error }
  }
}

// What was signed, by a library of structured fields and by the URL of the platform; nothing of ours.
function meaningOf(received: ResolvedRequest, components: readonly string[]): unknown {
  const url = new URL(received.url)
  const values = (name: string): string =>
    received.headers
      .filter(([known]) => known.toLowerCase() === name)
      .map(([, value]) =>
        value
          .trim()
          .split(/\r?\n/)
          .map((line) => line.trim())
          .join(' '),
      )
      .join(', ')
  const input = parseDictionary(values('signature-input')).get('sig1')
  const signature = parseDictionary(values('signature')).get('sig1')
  return [
    serializeInnerList(input as never),
    serializeItem(signature as never),
    ...components.map((component) => {
      const [, name = component, parameters = ''] = /^"([^"]+)";(.*)$/.exec(component) ?? []
      const wanted = /^(?:key|name)="(.*)"$/.exec(parameters)?.[1]
      switch (name) {
        case '@method':
          return received.method
        case '@target-uri':
          return url.href.replace(/#.*$/s, '')
        case '@authority':
          return url.host
        case '@scheme':
          return url.protocol
        case '@path':
          return url.pathname
        case '@query':
          return url.search === '' ? '?' : url.search
        case '@request-target':
          return url.pathname + url.search
        case '@query-param':
          return url.searchParams.getAll(decodeURIComponent(wanted ?? ''))
        default: {
          if (parameters === 'sf') return serializeList(parseList(values(name)))
          const member = wanted === undefined ? undefined : parseDictionary(values(name)).get(wanted)
          return member === undefined ? values(name) : serializeDictionary(new Map([[wanted ?? '', member]]))
        }
      }
    }),
  ]
}
