import { fileURLToPath } from 'node:url'
import { awsSigV4 } from '@ez/aws-sigv4'
import { azureStorage } from '@ez/azure-storage'
import { type PreparedRequest, prepare, type RequestTemplate } from '@ez/core'
import { cosmosAuth } from '@ez/cosmos-auth'
import { httpMessageSignatures } from '@ez/http-message-signatures'
import { netsuiteOAuth1 } from '@ez/netsuite-oauth1'
import { afterAll, expect, test } from 'vitest'
import { type PythonScriptOptions, pythonScript } from '../src/index.ts'
import { instant, patienceMs, pool } from './support/prepare.ts'

afterAll(() => pool.close())

const masterKey = Buffer.from('a master key of an example account').toString('base64')
// The key of the storage emulator, which Microsoft publishes.
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
// The shared secret of RFC 9421, appendix B.1.5.
const hmacKey = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=='
const plain = { consumerKey: 'ck01', consumerSecret: 'cs01', tokenId: 'tk01', tokenSecret: 'ts01' }
const netsuite = {
  consumerKey: 'ck+/=&',
  consumerSecret: 'cs !*()',
  tokenId: 'tk~',
  tokenSecret: "ts'é",
}

const cases: [
  string,
  RequestTemplate,
  NonNullable<RequestTemplate['preRequest']>[number],
  Partial<PythonScriptOptions>,
  Record<string, unknown>,
][] = [
  [
    'sigv4.py',
    {
      method: 'POST',
      url: 'https://sellingpartnerapi-eu.amazon.com/orders/v0/orders?b=2&a=%20x&a=1',
      headers: { 'content-type': 'application/json', 'X-Amz-Meta': '  two   words ' },
      body: { json: { text: 'é "quoted"' } },
    },
    awsSigV4({
      service: 'execute-api',
      region: 'eu-west-1',
      credentials: {
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      },
    }),
    {},
    {
      access_key: 'AKIDEXAMPLE',
      secret_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      region: 'eu-west-1',
      service: 'execute-api',
    },
  ],
  [
    'netsuite.py',
    {
      method: 'GET',
      url: 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer?limit=10&q=a%20b',
    },
    netsuiteOAuth1({ accountId: '1234567_SB1', ...netsuite }),
    {
      exports: { 'header.Authorization': 'signature' },
      parameters: {
        account_id: '1234567_SB1',
        consumer_key: netsuite.consumerKey,
        consumer_secret: netsuite.consumerSecret,
        token: netsuite.tokenId,
        token_secret: netsuite.tokenSecret,
      },
    },
    {},
  ],
  [
    'netsuite-plain.py',
    {
      method: 'POST',
      url: 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql',
      body: { json: { q: 'SELECT id FROM customer' } },
    },
    netsuiteOAuth1({ accountId: '1234567_SB1', ...plain }),
    { exports: { 'header.Authorization': 'signature' } },
    {
      account_id: '1234567_SB1',
      consumer_key: plain.consumerKey,
      consumer_secret: plain.consumerSecret,
      token: plain.tokenId,
      token_secret: plain.tokenSecret,
    },
  ],
  [
    'cosmos.py',
    {
      method: 'POST',
      url: 'https://example.documents.azure.com/dbs/Shop/colls/Orders/docs',
      headers: { 'x-ms-version': '2020-07-15' },
      body: { json: { id: '1' } },
    },
    cosmosAuth({ masterKey }),
    { exports: { 'header.authorization': 'authorization', 'header.x-ms-date': 'date' } },
    { master_key: masterKey },
  ],
  [
    'azure-storage.py',
    {
      method: 'PUT',
      url: 'https://account.blob.core.windows.net/box/a%20b.txt?comp=block&blockid=YQ%3D%3D',
      headers: { 'x-ms-blob-type': 'BlockBlob' },
      body: { text: 'é' },
    },
    azureStorage({ credentials: { accountName: 'account', accountKey } }),
    {},
    { account: 'account', account_key: accountKey },
  ],
  [
    'http-message-signatures.py',
    {
      method: 'POST',
      url: 'https://example.com/foo?param=Value&Pet=dog',
      body: { json: { hello: 'é' } },
    },
    httpMessageSignatures({ algorithm: 'hmac-sha256', key: hmacKey, keyId: 'test-shared-secret' }),
    {},
    { hmac_key: hmacKey, key_id: 'test-shared-secret' },
  ],
]

const written = [
  'authorization',
  'content-digest',
  'signature',
  'signature-input',
  'x-amz-date',
  'x-ms-date',
  'x-ms-version',
]

test.each(cases)(
  '%s writes what the TypeScript signer writes',
  async (file, template, signer, options, variables) => {
    const context = {
      variables,
      clock: () => instant,
      nonce: () => 'nonce0123456789',
      stepTimeoutMs: patienceMs,
    }
    const path = fileURLToPath(new URL(`fixtures/${file}`, import.meta.url))
    const byPython = await prepare(
      { ...template, preRequest: [pythonScript({ file: path, pool, timeoutMs: patienceMs, ...options })] },
      context,
    )
    const bySigner = await prepare({ ...template, preRequest: [signer] }, context)
    const signedHeaders = ({ headers }: PreparedRequest): unknown =>
      Object.fromEntries(headers.filter(([name]) => written.includes(name)))
    expect(signedHeaders(byPython)).toEqual(signedHeaders(bySigner))
    expect(byPython.body).toEqual(bySigner.body)
  },
)
