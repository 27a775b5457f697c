import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type PreRequestScript, prepare, type Signer, secret } from '../../src/index.ts'
import {
  apiKey,
  basicAuth,
  bearer,
  hmacSignature,
  nonceHeader,
  removeHeader,
  setHeader,
  timestampHeader,
} from '../../src/steps/index.ts'
import { clock, errorOf, everythingShown } from '../support/support.ts'

const send = (steps: (PreRequestScript | Signer)[], body?: string) =>
  prepare(
    {
      method: 'POST',
      url: 'https://api.example.com/x',
      headers: { 'x-debug': '1' },
      ...(body === undefined ? {} : { body: { text: body } }),
      preRequest: steps,
    },
    { clock, nonce: () => 'NONCE', variables: { token: secret('variable-token') } },
  )
const signature = (algorithm: string, data: string, encoding: 'hex' | 'base64') =>
  createHmac(algorithm, 'example-key').update(data).digest(encoding)

test.each<[string, PreRequestScript | Signer, string, string]>([
  ['setHeader', setHeader('X-Tenant', 'a'), 'x-tenant', 'a'],
  // RFC 7617 section 2 and 2.1.
  ['basicAuth', basicAuth({ username: 'Aladdin', password: 'open sesame' }), 'authorization', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
  ['basicAuth in UTF-8', basicAuth({ username: 'test', password: '123£' }), 'authorization', 'Basic dGVzdDoxMjPCow=='],
  ['bearer', bearer({ token: secret('abcdef') }), 'authorization', 'Bearer abcdef'],
  ['bearer of a function', bearer({ token: async ({ variables }) => variables?.token as string }), 'authorization', 'Bearer variable-token'],
  ['apiKey', apiKey({ name: 'X-Api-Key', value: 'example-key' }), 'x-api-key', 'example-key'],
  ['nonceHeader', nonceHeader('x-nonce'), 'x-nonce', 'NONCE'],
  ['timestampHeader', timestampHeader('x-time'), 'x-time', '2026-01-15T12:36:00.000Z'],
  ['seconds', timestampHeader('x-time', 'seconds'), 'x-time', '1768480560'],
  ['milliseconds', timestampHeader('x-time', 'milliseconds'), 'x-time', '1768480560000'],
  ['an HTTP date', timestampHeader('date', 'http'), 'date', 'Thu, 15 Jan 2026 12:36:00 GMT'],
  ['hmacSignature of the body', hmacSignature({ key: 'example-key', header: 'X-Sig', prefix: 'sha256=' }), 'x-sig', `sha256=${signature('sha256', 'body ü', 'hex')}`],
  ['hmacSignature of a text', hmacSignature({ key: 'example-key', header: 'x-sig', algorithm: 'sha1', encoding: 'base64', compose: (request, context) => `${request.method}\n${context.nonce()}` }), 'x-sig', signature('sha1', 'POST\nNONCE', 'base64')],
  ['hmacSignature with SHA-512', hmacSignature({ key: 'example-key', header: 'x-sig', algorithm: 'sha512' }), 'x-sig', signature('sha512', 'body ü', 'hex')],
])('%s', async (_, step, name, value) => {
  expect((await send([step], 'body ü')).headers).toContainEqual([name, value])
}) // biome-ignore format: a table

test('removeHeader removes, and apiKey writes the query', async () => {
  const prepared = await send([
    removeHeader('X-DEBUG'),
    apiKey({ name: 'api key', value: 'a/b', placement: 'query' }),
  ])
  expect(prepared.headers).toEqual([])
  expect(prepared.url).toBe('https://api.example.com/x?api%20key=a%2Fb')
})

describe('credentials', () => {
  test('are masked', async () => {
    for (const step of [
      bearer({ token: 'abcdefgh' }),
      apiKey({ name: 'k', value: 'abcdefgh' }),
      basicAuth({ username: 'user', password: 'abcdefgh' }),
      hmacSignature({ key: 'abcdefgh', header: 'x', compose: () => 'abcdefgh' }),
    ])
      expect(await everythingShown(await send([step], 'x'))).not.toMatch(/abcdefgh|dXNlcjphYmNkZWZnaA/)
  })

  test.each<[string, () => unknown, string]>([
    ['bearer', () => bearer({ token: '' }), 'EZ_CREDENTIAL_MISSING'],
    ['basicAuth', () => basicAuth({ username: 'a', password: undefined as never }), 'EZ_CREDENTIAL_MISSING'],
    [
      'basicAuth without a password',
      () => basicAuth({ username: 'a', password: '' }),
      'EZ_CREDENTIAL_MISSING',
    ],
    ['basicAuth with a line break', () => basicAuth({ username: 'a\n', password: 'c' }), 'EZ_OPTION_INVALID'],
    [
      'basicAuth with a line break in the password',
      () => basicAuth({ username: 'a', password: secret('c\n') }),
      'EZ_OPTION_INVALID',
    ],
    ['basicAuth with a colon', () => basicAuth({ username: 'a:b', password: 'c' }), 'EZ_OPTION_INVALID'],
    ['apiKey', () => apiKey({ name: 'a', value: 'b', placement: 'body' as never }), 'EZ_OPTION_INVALID'],
    ['an unknown option', () => bearer({ token: 'a', tokne: 'b' } as never), 'EZ_OPTION_INVALID'],
    ['timestampHeader', () => timestampHeader('x', 'days' as never), 'EZ_OPTION_INVALID'],
  ])('a wrong option fails when the step is created: %s', (_, create, code) => {
    expect(create).toThrow(expect.objectContaining({ code }))
  })

  test.each<[string, unknown]>([
    ['an empty text', ''],
    ['an empty secret', secret('')],
    ['nothing', undefined],
    ['no text', 5],
  ])('a function that gives %s fails closed', async (_, given) => {
    for (const credential of [() => given as string, async () => given as string])
      for (const step of [
        bearer({ token: credential }),
        apiKey({ name: 'k', value: credential }),
        apiKey({ name: 'k', value: credential, placement: 'query' }),
        basicAuth({ username: 'user', password: credential }),
        hmacSignature({ key: credential, header: 'x' }),
      ])
        expect((await errorOf(send([step]))).code).toBe('EZ_CREDENTIAL_MISSING')
  })

  test('a function that gives a password with a line break fails closed', async () => {
    const error = await errorOf(send([basicAuth({ username: 'user', password: () => 'password\n' })]))
    expect(error.code).toBe('EZ_OPTION_INVALID')
  })

  test('a key may stand as the user name alone, in a header of its own', async () => {
    const { headers } = await prepare(
      {
        method: 'GET',
        url: 'https://api.example.com/',
        headers: { authorization: 'Basic {{credentials | base64}}' },
      },
      { variables: { key: secret('sk_example'), credentials: '{{key}}:' } },
    )
    expect(headers).toEqual([['authorization', `Basic ${btoa('sk_example:')}`]])
  })

  test('a password may stand alone', async () => {
    const { headers } = await send([basicAuth({ username: '', password: 'example-token' })])
    expect(headers).toContainEqual(['authorization', `Basic ${btoa(':example-token')}`])
  })
})

test('hmacSignature refuses a stream', async () => {
  const stream = prepare({
    method: 'PUT',
    url: 'https://api.example.com/',
    body: { stream: () => new Blob(['x']).stream() },
    preRequest: [hmacSignature({ key: 'k', header: 'x' })],
  })
  expect((await errorOf(stream)).code).toBe('EZ_BODY_UNSIGNABLE')
})

test.each([undefined, 5, Promise.resolve('text'), ['text']])(
  'hmacSignature refuses to sign what is no text: %s',
  async (composed) => {
    const signer = hmacSignature({ key: 'k', header: 'x', compose: () => composed as unknown as string })
    const error = await errorOf(
      prepare({ method: 'GET', url: 'https://api.example.com/', preRequest: [signer] }),
    )
    expect(error.code).toBe('EZ_OPTION_INVALID')
  },
)

test.each<[string, Signer]>([
  ['the key of hmacSignature', hmacSignature({ key: '\ud800secret', header: 'x' })],
  ['the text of hmacSignature', hmacSignature({ key: 'k', header: 'x', compose: () => 'a\udc00' })],
  ['the password of basicAuth', basicAuth({ username: 'user', password: '\ud800secret' })],
  ['the name of basicAuth', basicAuth({ username: '\ud800', password: 'secret' })],
])('half of a surrogate pair is refused, not replaced: %s', async (_, signer) => {
  expect((await errorOf(send([signer]))).code).toBe('EZ_TEXT_INVALID')
})
