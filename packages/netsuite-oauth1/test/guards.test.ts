// Values that may be absent, credentials with more in them, and names that would name something else.
import { secret, signRequest } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { netsuiteOAuth1, type OAuth1Options, oauth1, restlet, restRecord } from '../src/index.ts'

const clock = (): Date => new Date(1_700_000_000_000)
const nonce = (): string => '0123456789abcdef'
const plain = { consumerKey: 'key', consumerSecret: 'secret' }

const headersOf = async (options: OAuth1Options): Promise<unknown> =>
  (await signRequest({ method: 'GET', url: 'https://api.example.com/' }, [oauth1(options)], { clock, nonce }))
    .headers

describe('an optional value that is empty', () => {
  it.each<Partial<OAuth1Options>>([
    { token: '', tokenSecret: '' },
    { token: null as unknown as string, tokenSecret: null as unknown as string },
    { token: secret(''), tokenSecret: secret('') },
    { verifier: '', callback: '' },
    {
      verifier: null as unknown as string,
      callback: null as unknown as string,
      realm: null as unknown as string,
    },
  ])('%j counts as absent', async (options) => {
    expect(await headersOf({ ...plain, ...options })).toEqual(await headersOf(plain))
  })
})

describe('credentials with more in them', () => {
  it('of oauth1 are taken from a function', async () => {
    const credentials = (): typeof plain => ({ ...plain, name: 'of a tenant', token: '' }) as typeof plain
    expect(await headersOf({ credentials })).toEqual(await headersOf(plain))
  })

  it('of NetSuite are taken from a function', async () => {
    const known = {
      accountId: '1234567',
      consumerKey: 'k',
      consumerSecret: 's',
      tokenId: 't',
      tokenSecret: 'u',
    }
    const sign = async (options: Parameters<typeof netsuiteOAuth1>[0]) =>
      (
        await signRequest(
          { method: 'GET', url: 'https://1234567.suitetalk.api.netsuite.com/' },
          [netsuiteOAuth1(options)],
          { clock, nonce },
        )
      ).headers
    expect(await sign({ credentials: () => ({ ...known, name: 'of a tenant' }) as typeof known })).toEqual(
      await sign(known),
    )
  })
})

describe('a name that is empty or none', () => {
  it.each<[string, () => unknown]>([
    ['the type of a record', () => restRecord('1234567', '')],
    ['the id of a record', () => restRecord('1234567', 'customer', { id: '' })],
    [
      'an id that is no number',
      () => restRecord('1234567', 'customer', { id: Number.NaN, method: 'DELETE' }),
    ],
    ['a script', () => restlet('1234567', { script: '', deploy: 1 })],
    ['a deployment', () => restlet('1234567', { script: 1, deploy: Number.NaN })],
  ])('%s is refused', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
  })
})
