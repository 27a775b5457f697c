import { awsSigV4 } from '@ez/aws-sigv4'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { EzError, type RequestTemplate } from '@ez/core'
import { cosmosAuth } from '@ez/cosmos-auth'
import { verifyCosmosAuth } from '@ez/cosmos-auth/verify'
import { netsuiteOAuth1 } from '@ez/netsuite-oauth1'
import { verifyOAuth1 } from '@ez/netsuite-oauth1/verify'
import { expect, test } from 'vitest'
import { attemptsOf, createClient } from '../src/index.ts'
import { FakeTimers } from './support/timers.ts'

// Published example credentials of AWS, Microsoft and Oracle.
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const masterKey = 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw=='
const netsuite = {
  consumerKey: '71cc02b731f05895561ef0862d71553a3ac99498a947c3b7beaf4a1e4a29f7c4',
  consumerSecret: '7278da58caf07f5c336301a601203d10a58e948efa280f0618e25fcee1ef2abd',
  tokenId: '89e08d9767c5ac85b374415725567d05b54ecf0960ad2470894a52f741020d82',
  tokenSecret: '060cd9ab3ffbbe1e3d3918e90165ffd37ab12acc76b4691046e2d29c7d7674c2',
}

interface Answer {
  readonly status: number
  readonly body: string
  readonly headers?: Record<string, string>
}

interface Vendor {
  readonly title: string
  readonly template: RequestTemplate
  verify(request: Request, now: Date): Promise<unknown>
  readonly throttled: Answer
  /** Milliseconds that the answer asks for. */
  readonly waits: number
  skewed(now: Date): Answer
}

const compact = (date: Date): string => date.toISOString().replace(/[-:]|\.\d{3}/g, '')

const vendors: readonly Vendor[] = [
  {
    title: 'Amazon S3',
    template: {
      method: 'PUT',
      url: 'https://bucket.s3.us-east-1.amazonaws.com/a/b.txt',
      body: { text: 'hello' },
      preRequest: [awsSigV4({ service: 's3', region: 'us-east-1', credentials })],
    },
    verify: (request, now) => verifyAwsSigV4(request, { now, secretFor: () => credentials.secretAccessKey }),
    throttled: {
      status: 503,
      body: '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
    },
    waits: 0,
    skewed: (now) => ({
      status: 403,
      body: `<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message><ServerTime>${now.toISOString()}</ServerTime></Error>`,
    }),
  },
  {
    title: 'Amazon SP-API',
    template: {
      method: 'POST',
      url: 'https://sellingpartnerapi-na.amazon.com/reports/2021-06-30/reports',
      body: { json: { reportType: 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL' } },
      preRequest: [awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })],
    },
    verify: (request, now) =>
      verifyAwsSigV4(request, { now, maxSkewSeconds: 300, secretFor: () => credentials.secretAccessKey }),
    throttled: {
      status: 429,
      body: '{"errors":[{"code":"QuotaExceeded","message":"You exceeded your quota for the requested resource."}]}',
      headers: { 'x-amzn-RateLimit-Limit': '0.5' },
    },
    waits: 2000,
    skewed: (now) => ({
      status: 403,
      body: JSON.stringify({
        errors: [
          {
            message: `Signature expired: 20200101T000000Z is now earlier than ${compact(new Date(now.getTime() - 300_000))} (${compact(now)} - 5 min.)`,
            code: 'InvalidSignature',
          },
        ],
      }),
    }),
  },
  {
    title: 'NetSuite REST',
    template: {
      method: 'POST',
      url: 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=10',
      headers: { prefer: 'transient' },
      body: { json: { q: 'SELECT id FROM customer' } },
      preRequest: [netsuiteOAuth1({ accountId: '1234567_SB1', ...netsuite })],
    },
    verify: (request, now) =>
      verifyOAuth1(request, {
        now,
        secretFor: () => ({ consumerSecret: netsuite.consumerSecret, tokenSecret: netsuite.tokenSecret }),
      }),
    throttled: {
      status: 400,
      body: '{"error":{"code":"SSS_REQUEST_LIMIT_EXCEEDED","message":"Request Limit Exceeded"}}',
    },
    waits: 0,
    skewed: () => ({
      status: 401,
      body: '{"title":"Unauthorized","status":401,"o:errorDetails":[{"detail":"Invalid login attempt.","o:errorCode":"INVALID_LOGIN"}]}',
      headers: { 'www-authenticate': 'OAuth realm="1234567_SB1", error="token_rejected"' },
    }),
  },
  {
    title: 'Azure Cosmos DB',
    template: {
      method: 'POST',
      url: 'https://account.documents.azure.com/dbs/Shop/colls/Orders/docs',
      headers: { 'content-type': 'application/query+json', 'x-ms-documentdb-isquery': 'True' },
      body: { json: { query: 'SELECT * FROM c' } },
      preRequest: [cosmosAuth({ masterKey })],
    },
    verify: (request, now) => verifyCosmosAuth(request, { now, secretFor: () => masterKey }),
    throttled: {
      status: 429,
      body: '{"code":"429","message":"The request rate is too large."}',
      headers: { 'x-ms-retry-after-ms': '123' },
    },
    waits: 123,
    skewed: (now) => ({
      status: 403,
      body: JSON.stringify({
        code: 'Forbidden',
        message: `The authorization token is not valid at the current time. Please create another token and retry (token start time: x, token expiry time: y, current server time: ${now.toUTCString()}).`,
      }),
    }),
  },
]

for (const vendor of vendors)
  test(`${vendor.title}: throttled, then refused for the date, then right; the next send is right at once`, async () => {
    const timers = new FakeTimers()
    const ours = Date.UTC(2026, 0, 1)
    const theirs = new Date(ours + 20 * 60_000)
    let sent = 0
    let verified = 0
    const client = createClient({
      timers,
      random: () => 0,
      clock: () => new Date(ours),
      fetch: async (input, init) => {
        sent += 1
        const reply = ({ status, body, headers }: Answer): Response =>
          new Response(body, { status, headers: { date: theirs.toUTCString(), ...headers } })
        if (sent === 1) return reply(vendor.throttled)
        try {
          await vendor.verify(new Request(String(input), init), theirs)
        } catch (error) {
          // Whatever else is wrong shows as a bare 403.
          return EzError.isInstance(error) && error.code === 'EZ_CLOCK_SKEW'
            ? reply(vendor.skewed(theirs))
            : reply({ status: 403, body: String(error) })
        }
        verified += 1
        return reply({ status: 200, body: '{}' })
      },
    })
    const first = await client.send(vendor.template)
    expect(attemptsOf(first).map(({ status, diagnosis }) => [status, diagnosis?.cause])).toEqual([
      [vendor.throttled.status, 'throttled'],
      [vendor.skewed(theirs).status, 'clock-skew'],
      [200, undefined],
    ])
    expect(timers.waits).toEqual([vendor.waits])
    expect(attemptsOf(await client.send(vendor.template)).map(({ status }) => status)).toEqual([200])
    expect(verified).toBe(2)
  })

test('a redirect of S3 that leads nowhere tells the region of the bucket', async () => {
  const headers = { 'x-amz-bucket-region': 'eu-west-1' }
  const client = createClient({
    fetch: async () =>
      new Response('<Error><Code>PermanentRedirect</Code></Error>', { status: 301, headers }),
    preRequest: [awsSigV4({ service: 's3', region: 'us-east-1', credentials })],
  })
  const url = 'https://bucket.s3.us-east-1.amazonaws.com/k'
  const response = await client.send({ method: 'GET', url })
  expect(response.status).toBe(301)
  expect(attemptsOf(response).map(({ diagnosis }) => diagnosis?.cause)).toEqual(['wrong-region'])
})
