import type { Pairs, ResolvedRequest } from '../contract/request.ts'
import { type Random, randomOf } from './random.ts'

/** A signed request with one or more small changes, of the kind that a fault or an attacker makes on the way. */
export interface Mutant {
  /** What was changed, in order, such as `a character of the path`. */
  readonly changes: readonly string[]
  /** The request with these changes. */
  readonly request: ResolvedRequest
}

type Change = (request: ResolvedRequest, random: Random) => ResolvedRequest

// Characters that some parser, somewhere, reads as something else.
const characters = [
  ...'aZ09-._~ +%/=&?#:@;,\'"(){}[]|\\^`<>\t\r\n\0é☃',
  '%2F',
  '%00',
  '%zz',
  '%20',
  '%2B',
  '//',
  '/./',
  '/../',
]

const textChanges: readonly (readonly [string, (text: string, random: Random) => string])[] = [
  ['a character replaced', (text, random) => splice(text, random(text.length), 1, pick(characters, random))],
  [
    'a character put in',
    (text, random) => splice(text, random(text.length + 1), 0, pick(characters, random)),
  ],
  ['a character left out', (text, random) => splice(text, random(text.length), 1, '')],
  [
    'two characters exchanged',
    (text, random) => {
      const at = random(Math.max(1, text.length - 1))
      return splice(text, at, 2, [...text.slice(at, at + 2)].reverse().join(''))
    },
  ],
  [
    'the case of a character',
    (text, random) => {
      const at = random(text.length)
      const one = text.charAt(at)
      return splice(text, at, 1, one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase())
    },
  ],
  [
    'a character percent-encoded',
    (text, random) => {
      const at = random(text.length)
      return splice(text, at, 1, `%${text.charCodeAt(at).toString(16).padStart(2, '0').slice(0, 2)}`)
    },
  ],
  [
    'a triplet decoded',
    (text) => text.replace(/%([2-7][0-9A-F])/, (_, pair) => String.fromCharCode(Number.parseInt(pair, 16))),
  ],
  [
    'a space written otherwise',
    (text) => (text.includes('%20') ? text.replace('%20', '+') : text.replace('+', '%20')),
  ],
]

const changes: readonly (readonly [string, Change])[] = [
  [
    'the method',
    (request, random) => ({
      ...request,
      method: pick(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', request.method.toLowerCase()], random),
    }),
  ],
  ...textChanges.map(([title, change]): readonly [string, Change] => [
    `${title} in the path`,
    (request, random) => inUrl(request, 'path', (path) => change(path, random)),
  ]),
  ...textChanges.map(([title, change]): readonly [string, Change] => [
    `${title} in the query`,
    (request, random) => inUrl(request, 'query', (query) => change(query, random)),
  ]),
  [
    'a character replaced in the host',
    (request, random) =>
      inUrl(request, 'origin', (origin) =>
        splice(origin, 8 + random(origin.length - 8), 1, pick([...'ax.:@0'], random)),
      ),
  ],
  [
    'a parameter left out',
    (request, random) =>
      inPairs(request, (pairs) => pairs.filter((_, index) => index !== random(pairs.length))),
  ],
  ['a parameter repeated', (request, random) => inPairs(request, (pairs) => [...pairs, pick(pairs, random)])],
  [
    'a parameter added',
    (request, random) =>
      inPairs(request, (pairs) => [
        ...pairs,
        pick(['tampered=1', 'x', '=', 'X-Amz-Acl=public-read', 'oauth_x=1'], random),
      ]),
  ],
  ['the parameters in another order', (request) => inPairs(request, (pairs) => [...pairs].reverse())],
  ...textChanges.map(([title, change]): readonly [string, Change] => [
    `${title} in a header`,
    (request, random) => inHeader(request, random, ([name, value]) => [[name, change(value, random)]]),
  ]),
  ['a header left out', (request, random) => inHeader(request, random, () => [])],
  ['a header repeated', (request, random) => inHeader(request, random, (pair) => [pair, pair])],
  [
    'a header repeated with another value',
    (request, random) =>
      inHeader(request, random, ([name, value]) => [
        [name, `${value}x`],
        [name, value],
      ]),
  ],
  [
    'the case of a header name',
    (request, random) => inHeader(request, random, ([name, value]) => [[name.toUpperCase(), value]]),
  ],
  [
    'space around a value',
    (request, random) =>
      inHeader(request, random, ([name, value]) => [[name, `  ${value.replace(' ', '   ')}\t`]]),
  ],
  [
    'a header added',
    (request, random) => ({
      ...request,
      headers: [
        ...request.headers,
        pick(
          [
            ['x-amz-acl', 'public-read'],
            ['x-ms-meta-a', '1'],
            ['x-request-id', '1'],
            ['authorization', 'Bearer x'],
            ['host', 'evil.example'],
            ['content-type', 'text/html'],
            ['date', 'Thu, 15 Jan 2026 12:36:00 GMT'],
          ] as const,
          random,
        ),
      ],
    }),
  ],
  ['the headers in another order', (request) => ({ ...request, headers: [...request.headers].reverse() })],
  [
    'one bit of the body',
    (request, random) =>
      inBody(request, (body) => {
        const at = random(body.length)
        body[at] = (body[at] as number) ^ (1 << random(8))
        return body
      }),
  ],
  ['a shorter body', (request, random) => inBody(request, (body) => body.subarray(0, random(body.length)))],
  ['a longer body', (request, random) => inBody(request, (body) => Uint8Array.of(...body, random(256)))],
  ['no body', (request) => ({ ...request, body: null })],
]

/**
 * Mutants of a signed request: each must be refused with a code, or say the same by the scheme's own rules.
 *
 * One in four has two changes. The same seed gives the same mutants.
 *
 * @param seed a whole number, to be printed with a failure
 *
 * @example
 * ```ts
 * import { mutantsOf } from '@ez/core/testing'
 *
 * const signed = { method: 'GET', url: 'https://api.example.com/a?b=1', headers: [], body: null }
 * for (const { changes, request } of mutantsOf(signed, 100, 1)) console.log(changes, request.url)
 * ```
 */
export function* mutantsOf(request: ResolvedRequest, count: number, seed: number): Generator<Mutant> {
  const random = randomOf(seed)
  for (let made = 0; made < count; made += 1) {
    const titles: string[] = []
    let mutant = request
    for (let left = random(4) === 0 ? 2 : 1; left > 0; left -= 1) {
      const [title, change] = pick(changes, random)
      titles.push(title)
      mutant = change(mutant, random)
    }
    yield { changes: titles, request: mutant }
  }
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[random(items.length)] as Item
}

function splice(text: string, at: number, count: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + count)
}

function inUrl(
  request: ResolvedRequest,
  part: 'origin' | 'path' | 'query',
  change: (text: string) => string,
): ResolvedRequest {
  const [, origin = '', path = '', query] = /^([^/]*\/\/[^/?#]*)([^?#]*)(?:\?(.*))?$/s.exec(request.url) ?? []
  const parts = {
    origin,
    path,
    query: query ?? '',
    [part]: change({ origin, path, query: query ?? '' }[part]),
  }
  const mark = query !== undefined || parts.query !== '' ? '?' : ''
  return { ...request, url: `${parts.origin}${parts.path}${mark}${parts.query}` }
}

function inPairs(
  request: ResolvedRequest,
  change: (pairs: readonly string[]) => readonly string[],
): ResolvedRequest {
  return inUrl(request, 'query', (query) => (query === '' ? query : change(query.split('&')).join('&')))
}

function inHeader(
  request: ResolvedRequest,
  random: Random,
  change: (pair: Pairs[number]) => Pairs,
): ResolvedRequest {
  const at = random(request.headers.length)
  return {
    ...request,
    headers: request.headers.flatMap((pair, index) => (index === at ? change(pair) : [pair])),
  }
}

function inBody(request: ResolvedRequest, change: (body: Uint8Array) => Uint8Array): ResolvedRequest {
  const { body } = request
  return body instanceof Uint8Array && body.length > 0
    ? { ...request, body: change(Uint8Array.from(body)) }
    : request
}
