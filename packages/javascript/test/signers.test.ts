import { fileURLToPath } from 'node:url'
import { awsSigV4 } from '@ez/aws-sigv4'
import { azureStorage } from '@ez/azure-storage'
import { type PrepareContext, prepare, type RequestTemplate, secret } from '@ez/core'
import { cosmosAuth } from '@ez/cosmos-auth'
import { httpMessageSignatures } from '@ez/http-message-signatures'
import { javascriptScript } from '@ez/javascript'
import { netsuiteOAuth1 } from '@ez/netsuite-oauth1'
import { describe, expect, test } from 'vitest'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const context: PrepareContext = {
  clock: () => new Date('2026-01-02T03:04:05Z'),
  nonce: () => 'rKNh8Jr7nVGhVbF3BsqhC0jkvqVSKSlF',
  variables: {
    access_key: 'AKIAIOSFODNN7EXAMPLE',
    secret_key: secret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
    account_id: '1234567_SB1',
    consumer_key: 'CONSUMER_KEY_VALUE',
    consumer_secret: secret('CONSUMER&SECRET VALUE'),
    token: 'TOKEN_ID_VALUE',
    token_secret: secret('TOKEN_SECRET_VALUE'),
    master_key: secret(
      'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw==',
    ),
  },
}

const spApi: RequestTemplate = {
  method: 'POST',
  url: 'https://sellingpartnerapi-na.amazon.com/reports/2021-06-30/reports',
  body: { json: { reportType: 'GET_FLAT_FILE_ALL_ORDERS_DATA', note: 'é ü' } },
}
const netsuite: RequestTemplate = {
  method: 'POST',
  url: 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=10&offset=0',
  body: { json: { q: 'SELECT id FROM customer' } },
}
const cosmos: RequestTemplate = {
  method: 'GET',
  url: 'https://account.documents.azure.com/dbs/ToDoList/colls/Items/docs/One',
}
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}
const aws = { service: 'execute-api', region: 'us-east-1' }

describe('a script signs as the signer does, byte for byte', () => {
  test.each<[string, RequestTemplate]>([
    ['a POST', spApi],
    ['a GET with a query', { method: 'GET', url: `${spApi.url}?b=1&a=x%20y&a=%C3%A9&empty` }],
  ])('AWS Signature Version 4: %s', async (_, template) => {
    const scripted = await prepare(
      { ...template, preRequest: [javascriptScript({ file: fixture('sigv4.js'), parameters: aws })] },
      context,
    )
    const signed = await prepare({ ...template, preRequest: [awsSigV4({ ...aws, credentials })] }, context)
    expect(new Map(scripted.headers)).toEqual(new Map(signed.headers))
    expect(scripted.url).toBe(signed.url)
  })

  test('NetSuite', async () => {
    const scripted = await prepare(
      {
        ...netsuite,
        headers: { authorization: '{%signature%}' },
        preRequest: [javascriptScript({ file: fixture('netsuite.js') })],
      },
      context,
    )
    const signer = netsuiteOAuth1({
      accountId: '1234567_SB1',
      consumerKey: 'CONSUMER_KEY_VALUE',
      consumerSecret: 'CONSUMER&SECRET VALUE',
      tokenId: 'TOKEN_ID_VALUE',
      tokenSecret: 'TOKEN_SECRET_VALUE',
    })
    const signed = await prepare({ ...netsuite, preRequest: [signer] }, context)
    const parameters = (headers: typeof signed.headers): string[] =>
      (new Map(headers).get('authorization') ?? '').replace('OAuth ', '').split(/, ?/).sort()
    expect(parameters(scripted.headers)).toEqual(parameters(signed.headers))
  })

  test('Cosmos DB', async () => {
    const scripted = await prepare(
      { ...cosmos, preRequest: [javascriptScript({ file: fixture('cosmos.js') })] },
      context,
    )
    const masterKey =
      'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw=='
    const signed = await prepare({ ...cosmos, preRequest: [cosmosAuth({ masterKey })] }, context)
    expect(new Map(scripted.headers)).toEqual(new Map(signed.headers))
  })

  test.each<[string, RequestTemplate]>([
    [
      'a blob',
      {
        method: 'PUT',
        url: 'https://account.blob.core.windows.net/box/a%20b.txt',
        headers: { 'x-ms-blob-type': 'BlockBlob' },
        body: { text: 'é' },
      },
    ],
    [
      'a list',
      {
        method: 'GET',
        url: 'https://account.blob.core.windows.net/box?restype=container&comp=list&prefix=a%2Fb',
      },
    ],
  ])('Azure Storage: %s', async (_, template) => {
    // The key of the storage emulator, which Microsoft publishes.
    const accountKey =
      'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
    const script = javascriptScript({ file: fixture('azure-storage.js'), parameters: { account: 'account' } })
    const variables = { account_key: secret(accountKey) }
    const scripted = await prepare({ ...template, preRequest: [script] }, { ...context, variables })
    const signer = azureStorage({ credentials: { accountName: 'account', accountKey } })
    const signed = await prepare({ ...template, preRequest: [signer] }, context)
    expect(new Map(scripted.headers)).toEqual(new Map(signed.headers))
  })

  test('HTTP Message Signatures', async () => {
    const template: RequestTemplate = {
      method: 'POST',
      url: 'https://example.com/foo?param=Value&Pet=dog',
      body: { json: { hello: 'é' } },
    }
    // The shared secret of RFC 9421, appendix B.1.5.
    const key = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=='
    const keyId = 'test-shared-secret'
    const script = javascriptScript({
      file: fixture('http-message-signatures.js'),
      parameters: { key_id: keyId },
    })
    const variables = { hmac_key: secret(key) }
    const scripted = await prepare({ ...template, preRequest: [script] }, { ...context, variables })
    const signer = httpMessageSignatures({ algorithm: 'hmac-sha256', key, keyId })
    const signed = await prepare({ ...template, preRequest: [signer] }, context)
    expect(new Map(scripted.headers)).toEqual(new Map(signed.headers))
  })
})
