import { prepare, secret } from '@ez/core'
import { describe, expect, it } from 'vitest'
import * as netsuite from '../src/index.ts'
import { type OAuth1Options, oauth1, provider as oauth1Provider } from '../src/oauth1.ts'
import { fixed, formHeaders, request } from './requests.ts'

describe('what is refused', () => {
  const valid = { consumerKey: 'key', consumerSecret: 'secret' }
  it.each<[string, OAuth1Options, string]>([
    ['no consumer secret', { consumerKey: 'key' }, 'EZ_CREDENTIAL_MISSING'],
    ['no consumer key', { consumerSecret: 's' }, 'EZ_CREDENTIAL_MISSING'],
    ['a method that is none', { ...valid, signatureMethod: 'HMAC-MD5' as 'PLAINTEXT' }, 'EZ_OPTION_INVALID'],
    [
      'an extra parameter that the signer writes',
      { ...valid, extraParameters: [['oauth_nonce', '1']] },
      'EZ_OPTION_INVALID',
    ],
    [
      'extra parameters that are no pairs',
      { ...valid, extraParameters: [['role']] as never },
      'EZ_OPTION_INVALID',
    ],
    ['a realm with a line break', { ...valid, realm: 'a\r\nx-admin: 1' }, 'EZ_OPTION_INVALID'],
    ['a realm that is not ASCII', { ...valid, realm: 'Zürich' }, 'EZ_OPTION_INVALID'],
    ['an unknown option', { ...valid, consumer_key: 'x' } as OAuth1Options, 'EZ_OPTION_INVALID'],
  ])('%s', (_, options, code) => {
    expect(() => oauth1(options)).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    ['in the query', request('GET', 'https://a.example/?oauth_token=1')],
    ['in the query, encoded', request('GET', 'https://a.example/?%6Fauth%5Ftoken=1')],
    ['in the form', request('POST', 'https://a.example/', 'oauth_signature=1', formHeaders)],
  ])('a protocol parameter %s', (_, unsigned) => {
    expect(() => oauth1(valid).sign(unsigned, fixed(1, 'abcdef'))).toThrow(
      expect.objectContaining({ code: 'EZ_OAUTH1_PARAMETER_RESERVED' }),
    )
  })

  it('a form that is a stream, and a stream to hash', () => {
    const stream = { ...request('POST', 'https://a.example/'), body: new ReadableStream<Uint8Array>() }
    const unsignable = expect.objectContaining({ code: 'EZ_BODY_UNSIGNABLE' })
    expect(() => oauth1(valid).sign({ ...stream, headers: formHeaders }, fixed(1, 'abcdef'))).toThrow(
      unsignable,
    )
    expect(() => oauth1({ ...valid, bodyHash: true }).sign(stream, fixed(1, 'abcdef'))).toThrow(unsignable)
    expect(() => oauth1({ ...valid, placement: 'form' }).sign(stream, fixed(1, 'abcdef'))).toThrow(
      expect.objectContaining({ code: 'EZ_BODY_NOT_FORM' }),
    )
  })

  it('a NetSuite account without its secrets', () => {
    expect(() =>
      netsuite.netsuiteOAuth1({
        accountId: '1',
        consumerKey: 'k',
        consumerSecret: '',
        tokenId: 't',
        tokenSecret: 'u',
      }),
    ).toThrow(expect.objectContaining({ code: 'EZ_CREDENTIAL_MISSING' }))
  })
})

it('waits for credentials of any thenable', async () => {
  const credentials = {
    accountId: '1',
    consumerKey: 'k',
    consumerSecret: 's',
    tokenId: 't',
    tokenSecret: 'u',
  }
  const thenable = { then: (done: (value: typeof credentials) => void) => done(credentials) }
  const signer = netsuite.netsuiteOAuth1({ credentials: () => thenable as Promise<typeof credentials> })
  const { patch } = await signer.sign(request('GET', 'https://a.example/'), fixed(1, 'abcdef'))
  expect(patch.headers.authorization).toContain('realm="1"')
})

describe('a token passport is refused', () => {
  const credentials = {
    accountId: '1',
    consumerKey: 'k',
    consumerSecret: 's',
    tokenId: 't',
    tokenSecret: 'u',
  }
  const at = { now: new Date(1), nonce: 'abcdef' }
  it.each([
    ['without a secret', { ...credentials, tokenSecret: '' }, at, 'EZ_CREDENTIAL_MISSING'],
    ['at no instant', credentials, { ...at, now: new Date(Number.NaN) }, 'EZ_CLOCK_INVALID'],
    ['with a nonce that NetSuite refuses', credentials, { ...at, nonce: 'a-b-c-d' }, 'EZ_OPTION_INVALID'],
  ])('%s', (_, given, instant, code) => {
    expect(() => netsuite.tokenPassport(given, instant)).toThrow(expect.objectContaining({ code }))
  })
})

it('leaves an empty token out', async () => {
  const signer = oauth1({ consumerKey: 'key', consumerSecret: 'secret', token: '', tokenSecret: '' })
  const { patch } = await signer.sign(request('GET', 'https://a.example/'), fixed(1, 'abcdef'))
  expect(patch.headers.authorization).not.toContain('oauth_token')
})

it('masks its secrets, in PLAINTEXT too', async () => {
  const signer = oauth1({
    consumerKey: 'key',
    consumerSecret: 'consumer secret',
    tokenSecret: secret('token/secret'),
    signatureMethod: 'PLAINTEXT',
  })
  const prepared = await prepare({ method: 'GET', url: 'https://a.example/', preRequest: [signer] })
  const shown = JSON.stringify([prepared.trace, prepared.toJSON(), prepared.toCurl({ mask: true })])
  expect(shown).not.toMatch(/consumer.{0,5}secret|token.{0,5}secret/)
})

it('has providers whose schemas name the options', () => {
  const namesOf = (options: object): string[] => Object.keys((options as { properties: object }).properties)
  expect(namesOf(netsuite.provider.options)).toEqual([
    'accountId',
    'consumerKey',
    'consumerSecret',
    'tokenId',
    'tokenSecret',
  ])
  expect(namesOf(oauth1Provider.options)).toHaveLength(12)
  expect(oauth1Provider.create({ consumerKey: 'key', consumerSecret: 'secret' }).id).toBe('oauth1')
})
