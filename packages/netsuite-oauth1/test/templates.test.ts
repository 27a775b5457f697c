import { prepare, type RequestTemplate } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { netsuiteOAuth1, readToken, restlet, restRecord, suiteQl, tokenPassport } from '../src/index.ts'
import { readPublished } from './folders.ts'

const urlOf = async (template: RequestTemplate): Promise<string> => (await prepare(template)).url

describe('the templates', () => {
  it.each<[RequestTemplate, string]>([
    [
      suiteQl('1234567_SB1', 'SELECT 1'),
      'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=1000&offset=0',
    ],
    [
      restRecord('1234567', 'customer'),
      'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1/customer',
    ],
    [
      restRecord('1234567', 'customer', { id: 'eid:A/1', query: { fields: 'a,b' } }),
      'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1/customer/eid:A%2F1?fields=a%2Cb',
    ],
    [
      restRecord('1234567', 'salesOrder', { id: 5, below: '!transform/invoice', method: 'POST', body: {} }),
      'https://1234567.suitetalk.api.netsuite.com/services/rest/record/v1/salesOrder/5/!transform/invoice',
    ],
    [
      restlet('1234567', { script: 'customscript_a', deploy: 1, query: { q: 'a b' } }),
      'https://1234567.restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=customscript_a&deploy=1&q=a%20b',
    ],
  ])('have the URL of %o', async (template, url) => {
    expect(await urlOf(template)).toBe(url)
  })

  it.each([
    () => suiteQl('1234567', 'SELECT 1', { limit: 1001 }),
    () => suiteQl('1234567', 'SELECT 1', { limit: 10, offset: 5 }),
    () => suiteQl('https://1234567.app.netsuite.com', 'SELECT 1'),
    () => restlet('1234567', { script: 1, deploy: 1, body: {} }),
  ])('refuse what NetSuite would refuse: %s', (create) => {
    expect(create).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
  })

  it('sign a path with an exclamation mark as %21 (NetSuite REST transforms)', async () => {
    const credentials = {
      accountId: '1234567',
      consumerKey: 'k',
      consumerSecret: 's',
      tokenId: 't',
      tokenSecret: 'u',
    }
    const template = restRecord('1234567', 'salesOrder', {
      id: 5,
      below: '!transform/invoice',
      method: 'POST',
    })
    const prepared = await prepare({ ...template, preRequest: [netsuiteOAuth1(credentials)] })
    expect(prepared.trace.find(({ id }) => id === 'base-string')?.value).toContain(
      '%2F%21transform%2Finvoice&',
    )
  })

  it('refuse an answer without a token', () => {
    expect(() => readToken('oauth_problem=token_rejected')).toThrow(
      expect.objectContaining({ code: 'EZ_RESPONSE_INVALID' }),
    )
  })
})

interface PassportVector {
  id: string
  account: string
  consumerKey: string
  consumerSecret: string
  token: string
  tokenSecret: string
  nonce: string
  timestamp: string
  expected: { signature: string }
  computed: { baseString: string; signature: string }
  expectedToMatch: boolean
}

const passports = readPublished<{ tokenPassport: PassportVector[] }>('oauth1.json')?.tokenPassport ?? []

it.each(passports)('token passport $id', (vector) => {
  const passport = tokenPassport(
    {
      accountId: vector.account,
      consumerKey: vector.consumerKey,
      consumerSecret: vector.consumerSecret,
      tokenId: vector.token,
      tokenSecret: vector.tokenSecret,
    },
    { now: new Date(Number(vector.timestamp) * 1000), nonce: vector.nonce },
  )
  expect(passport).toMatchObject(vector.computed)
  expect(passport.signature === vector.expected.signature).toBe(vector.expectedToMatch)
})
