import { createHmac } from 'node:crypto'
import { defineSignature, type SignatureDescription } from '@ez/signature'
import { describe, expect, it } from 'vitest'
import * as clouds from '../../signature/test/schemes/clouds.ts'
import * as others from '../../signature/test/schemes/others.ts'
import { readHttpRequest } from '../src/describe/http-request.ts'
import { type Define, search, stagesOf } from '../src/describe/search.ts'
import { ez, folder } from './support/ez.ts'

const define = defineSignature as unknown as Define
const context = {
  now: () => new Date('2026-01-15T12:36:00.123Z'),
  nonce: () => 'q7Lh2mZx9Rw4Ks8Vb3Nc6Td1Yf5Gj0Pe',
}
const get =
  'GET https://api.example.com/v5/order%20list/?symbol=B TC&a=~1*&empty=\nx-acs-version: 1\n'.replace(
    'B TC',
    'B%20TC',
  )
const post = 'POST https://api.example.com/v1/orders?b=2&a=1\ncontent-type: application/json\n\n{"id":1}\n'
const form =
  'POST https://api.example.com/0/private/AddOrder\ncontent-type: application/x-www-form-urlencoded\n\nnonce=1616492376594&pair=XBTUSD\n'
const secret = 'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5'

const bybit = {
  id: 'bybit',
  options: { apiKey: 'credential', apiSecret: 'secret' },
  time: { timestamp: 'unix-ms' },
  stages: {
    text: ['{timestamp}', '{apiKey}', '5000', { when: { method: 'GET' }, then: '{query}', else: '{body}' }],
  },
  signature: { hmac: 'sha256', key: 'apiSecret', of: 'text', as: 'hex' },
} as const
const okx = {
  id: 'okx',
  options: { apiSecret: 'secret' },
  time: { timestamp: 'iso-ms' },
  signature: { hmac: 'sha256', key: 'apiSecret', of: '{timestamp}{method}{target}{body}', as: 'base64' },
} as const
const wechat = {
  id: 'wechat',
  options: { apiSecret: 'secret' },
  time: { timestamp: 'unix' },
  stages: { message: '{method}\n{target}\n{timestamp}\n{nonce}\n{body}\n' },
  signature: { hmac: 'sha256', key: 'apiSecret', of: 'message', as: 'base64' },
} as const
const hooks = {
  id: 'hooks',
  options: { apiSecret: 'secret' },
  time: { timestamp: 'unix' },
  signature: { hmac: 'sha256', key: 'apiSecret|from-base64', of: '{nonce}.{timestamp}.{body}', as: 'base64' },
} as const

// Each is wrong by hand, in one thing: the words that the search must say.
const wrong: readonly [
  vendor: string,
  right: SignatureDescription,
  from: string,
  to: string,
  request: string,
  said: string,
][] = [
  ['Bybit', bybit, '"as":"hex"', '"as":"base64"', get, 'signature.as: the signature as hex'],
  [
    'Bybit',
    bybit,
    '"{timestamp}","{apiKey}"',
    '"{apiKey}","{timestamp}"',
    get,
    'stages.text: the pieces in another order',
  ],
  ['Bybit', bybit, '"{query}"', '"{search}"', get, 'stages.text[3].then: {query} in the place of {search}'],
  ['Bybit', bybit, 'unix-ms', 'unix', post, 'time.timestamp: the instant as unix-ms'],
  ['Bybit', bybit, '"hmac":"sha256"', '"hmac":"sha512"', post, 'signature.hmac: hmac sha256'],
  ['OKX', okx, 'iso-ms', 'unix-ms', post, 'time.timestamp: the instant as iso-ms'],
  ['OKX', okx, '{target}', '{path}', post, 'signature.of: {target} in the place of {path}'],
  ['OKX', okx, '{method}', '{method|lower}', post, 'signature.of: {method} in the place of {method|lower}'],
  ['OKX', okx, '{timestamp}{method}', '{method}{timestamp}', post, 'in the order'],
  ['WeChat Pay', wechat, '\\n{body}\\n', '\\n{body}', post, 'stages.message: a line feed at the end'],
  ['WeChat Pay', wechat, '"base64"', '"base64url"', post, 'signature.as: the signature as base64'],
  [
    'Standard Webhooks',
    hooks,
    'apiSecret|from-base64',
    'apiSecret',
    post,
    'signature.key: the secret decoded from base64 as the key',
  ],
  [
    'Standard Webhooks',
    hooks,
    '{nonce}.{timestamp}.{body}',
    '{nonce}{timestamp}{body}',
    post,
    'signature.of: . between the pieces',
  ],
  [
    'Kraken',
    others.kraken,
    '|from-base64',
    '',
    form,
    'signature.key: the secret decoded from base64 as the key',
  ],
  ['Kraken', others.kraken, '"as":"sha256"', '"as":"sha256|hex"', form, 'sha256 in the place of sha256|hex'],
  [
    'Alibaba Cloud',
    clouds.acs3,
    '"end":"\\n"',
    '"with":"\\n"',
    get,
    'a line feed behind each pair, the last one too',
  ],
  [
    'Alibaba Cloud',
    clouds.acs3,
    '{canonical-request|sha256|hex}',
    '{canonical-request|sha256|HEX}',
    get,
    '{canonical-request|sha256|hex} in the place of',
  ],
  [
    'Alibaba RPC',
    clouds.alibabaRpc,
    '{accessKeySecret}&',
    '{accessKeySecret}',
    get,
    'signature.key: the secret and & behind it as the key',
  ],
  [
    'Alibaba RPC',
    clouds.alibabaRpc,
    '{canonical-query|percent}',
    '{canonical-query}',
    get,
    '{canonical-query|percent} in the place of',
  ],
  [
    'Alibaba RPC',
    clouds.alibabaRpc,
    '"value":"percent"',
    '"value":"form"',
    get,
    'lists.parameters.value: values with percent',
  ],
  [
    'AWS V2',
    clouds.awsV2,
    '"name":"percent","value":"percent"',
    '"name":"percent","value":"percent","sort":"none"',
    get,
    'lists.parameters.sort: the pairs sorted',
  ],
]

const optionsFor = ({ options = {} }: SignatureDescription): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).flatMap(([name, rule]) =>
      rule === 'secret'
        ? [[name, secret]]
        : rule === 'credential' || rule === 'text'
          ? [[name, 'AKID1']]
          : [],
    ),
  )

describe('a description that is wrong in one thing', () => {
  it.each(wrong)(
    '%s: the search says what gives the expected value (%#)',
    async (_vendor, right, from, to, http, said) => {
      const request = await readHttpRequest('in.http', http)
      const text = JSON.stringify(right)
      expect(text).toContain(from)
      const broken = JSON.parse(text.replace(from, to)) as SignatureDescription
      const example = { request, options: optionsFor(right), context }
      const expected = (await stagesOf(define, right, example)).at(-1)?.value as string
      expect((await stagesOf(define, broken, example)).at(-1)?.value).not.toBe(expected)
      const found = await search(define, broken, example, expected)
      const sentences = found.map((changes) => changes.map(({ place, say }) => `${place}: ${say}`).join('; '))
      expect(sentences.join('\n')).toContain(said)
      for (const changes of found) {
        const stages = await stagesOf(define, changes.at(-1)?.description as SignatureDescription, example)
        expect(stages.at(-1)?.value).toBe(expected)
      }
    },
  )
})

describe('a description that is wrong in two things', () => {
  it.each([
    [
      'Bybit',
      bybit,
      [
        ['"as":"hex"', '"as":"base64"'],
        ['"{query}"', '"{search}"'],
      ],
      get,
    ],
    [
      'OKX',
      okx,
      [
        ['"as":"base64"', '"as":"hex"'],
        ['{target}', '{path}'],
      ],
      post,
    ],
    [
      'Standard Webhooks',
      hooks,
      [
        ['apiSecret|from-base64', 'apiSecret'],
        ['.{body}', '{body}'],
      ],
      post,
    ],
  ] as const)('%s: both are found', async (_vendor, right, breaks, http) => {
    const request = await readHttpRequest('in.http', http)
    let text = JSON.stringify(right)
    for (const [from, to] of breaks) text = text.replace(from, to)
    const example = { request, options: optionsFor(right), context }
    const expected = (await stagesOf(define, right, example)).at(-1)?.value as string
    const [changes = []] = await search(define, JSON.parse(text), example, expected)
    expect(changes).toHaveLength(2)
    const stages = await stagesOf(define, changes.at(-1)?.description as SignatureDescription, example)
    expect(stages.at(-1)?.value).toBe(expected)
  })

  it('nothing is said where no suspect fits', async () => {
    const request = await readHttpRequest('in.http', post)
    const found = await search(define, okx, { request, options: { apiSecret: secret }, context }, 'AAAA')
    expect(found).toEqual([])
  })
})

describe('ez describe', () => {
  const vendor = `id: example-pay
options: { apiKey: credential, apiSecret: secret }
time: { timestamp: unix-ms }
stages: { text: '{timestamp}{method}{target}{body}' }
signature: { hmac: sha256, key: apiSecret, of: text, as: base64 }
`
  const text = '1768480560000POST/v1/orders?b=2&a=1{"id":1}'
  const files = { 'pay.yaml': vendor, 'order.http': post, 'keys.yaml': `apiKey: k\napiSecret: ${secret}\n` }
  const flags = ['--request', 'order.http', '--options', 'keys.yaml', '--at', '1768480560000']
  const digest = (encoding: 'hex' | 'base64'): string =>
    createHmac('sha256', secret).update(text).digest(encoding)

  it('shows each stage of a request, and says whether the expected value is reached', async () => {
    const cwd = folder(files)
    const { code, stdout, stderr } = await ez(
      ['describe', 'pay.yaml', ...flags, '--expect', digest('base64')],
      { cwd },
    )
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(text)
    expect(stdout).toContain('This is the expected value.')
    expect((await ez(['describe', 'pay.yaml', ...flags], { cwd })).code).toBe(0)
  })

  it('names the suspect that fits, and never the secret', async () => {
    const cwd = folder(files)
    const { code, stdout } = await ez(['describe', 'pay.yaml', ...flags, '--expect', digest('hex')], { cwd })
    expect(code).toBe(1)
    expect(stdout).toContain('signature.as: the signature as hex')
    expect(stdout).not.toContain(secret)
    const json = await ez(['describe', 'pay.yaml', ...flags, '--json', '--expect', digest('hex')], { cwd })
    expect(JSON.parse(json.stdout)).toMatchObject({
      equal: false,
      stages: [{ id: 'text', value: text }, { id: 'signature' }],
      fits: [{ changes: [{ place: 'signature.as', say: 'the signature as hex' }] }],
    })
  })

  it('prints the case as a vector once the value is reached', async () => {
    const writes = "writes: { headers: { x-signature: '{signature}', x-time: '{timestamp}' } }\n"
    const cwd = folder({ ...files, 'pay.yaml': vendor + writes })
    const wanted = ['--expect', digest('base64'), '--vector', 'an order']
    const { code, stdout } = await ez(['describe', 'pay.yaml', ...flags, ...wanted], { cwd })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([
      {
        title: 'an order',
        context: { now: '2026-01-15T12:36:00.000Z' },
        options: { apiKey: 'k' },
        request: { method: 'POST', body: { encoding: 'utf8', data: '{"id":1}' } },
        stages: { text, signature: digest('base64') },
        expected: { headers: { 'x-signature': digest('base64'), 'x-time': '1768480560000' }, query: [] },
      },
    ])
    const other = await ez(['describe', 'pay.yaml', ...flags, '--expect', 'x', '--vector', 'a'], { cwd })
    expect([other.code, other.stdout]).toEqual([1, expect.not.stringContaining('"title"')])
  })

  it.each([
    [{ 'pay.yaml': vendor.replace('of: text', 'of: texts') }, 'pay.yaml:5:48'],
    [{ 'order.http': 'orders' }, 'order.http: the first line must be a method and a URL'],
    [{ 'order.http': 'GET https://api.example.com/\nno header\n' }, 'order.http:2: a header is written'],
    [{ 'keys.yaml': 'apiKey: k\n' }, 'apiSecret is required'],
  ])('calls what is wrong by its place (%#)', async (change, said) => {
    const { code, stderr } = await ez(['describe', 'pay.yaml', ...flags], {
      cwd: folder({ ...files, ...change }),
    })
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)])
  })
})
