import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { CosmosClient, type CosmosClientOptions } from '@azure/cosmos'
import { awsSigV4 } from '@ez/aws-sigv4'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { EzError, type Signer, signRequest } from '@ez/core'
import { cosmosAuth } from '@ez/cosmos-auth'
import { verifyCosmosAuth } from '@ez/cosmos-auth/verify'
import { expect, onTestFinished, test } from 'vitest'
import { answer, type Received, startServer } from './support/server.ts'

// AWS's published example credentials.
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
// The key in Microsoft's published example.
const masterKey = 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw=='

function requestOf({ method, path, headers, body }: Received): Request {
  return new Request(`http://${headers.host}${path}`, {
    method,
    headers,
    ...(body === '' ? {} : { body }),
  })
}

const verdictOf = (pending: Promise<unknown>): Promise<string> =>
  pending.then(
    () => 'right',
    (error: unknown) => (EzError.isInstance(error) ? error.code : String(error)),
  )

test('AWS SDK: its signer option takes our signer, and asks it again for every attempt', async () => {
  const verdicts: string[] = []
  const server = await startServer(async (received, response, count) => {
    verdicts.push(
      await verdictOf(
        verifyAwsSigV4(requestOf(received), {
          service: 'sts',
          region: 'us-east-1',
          secretFor: () => credentials.secretAccessKey,
        }),
      ),
    )
    if (count === 1) answer(response, 503)
    else
      answer(
        response,
        200,
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
          '<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
        { 'content-type': 'text/xml' },
      )
  })
  const ours = awsSigV4({ service: 'sts', region: 'us-east-1', credentials })
  let seconds = 0
  const sts = new STSClient({
    region: 'us-east-1',
    endpoint: server.url,
    credentials,
    retryStrategy: {
      acquireInitialRetryToken: async () => token(0),
      refreshRetryTokenForRetry: async (previous) => token(previous.getRetryCount() + 1),
      recordSuccess: () => undefined,
    },
    signer: {
      sign: async (request) => {
        const query = new URLSearchParams(request.query as Record<string, string>).toString()
        const { host, ...headers } = request.headers
        const prepared = await signRequest(
          {
            method: request.method,
            url: `${request.protocol}//${host}${request.path}${query === '' ? '' : `?${query}`}`,
            headers,
            body: request.body,
          },
          [ours],
          { clock: () => new Date(Date.now() + 1000 * seconds++) },
        )
        return Object.assign(request, { headers: { host, ...Object.fromEntries(prepared.headers) } })
      },
    },
  })
  onTestFinished(() => sts.destroy())
  expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('123456789012')
  expect(verdicts).toEqual(['right', 'right'])
  expect(new Set(server.received.map(({ headers }) => headers.authorization)).size).toBe(2)
})

const token = (count: number) => ({
  getRetryCount: () => count,
  getRetryDelay: () => 0,
  getRetryCost: () => 0,
  getLastRetryCost: () => 0,
  isLongPoll: () => false,
})

interface SdkRequest {
  readonly method: string
  readonly endpoint: string
  readonly path: string
  headers: Record<string, unknown>
}

test('@azure/cosmos: a request plugin signs what is about to be sent, again for every attempt', async () => {
  const verdicts: string[] = []
  const server = await startServer(async (received, response, count) => {
    verdicts.push(await verdictOf(verifyCosmosAuth(requestOf(received), { secretFor: () => masterKey })))
    if (count === 1) answer(response, 429, {}, { 'x-ms-retry-after-ms': '1' })
    else answer(response, 200, { id: 'a', value: 1 })
  })
  const ours: Signer = cosmosAuth({ masterKey })
  let seconds = 0
  // The SDK reads plugins, and leaves them out of its types.
  const options = {
    endpoint: server.url,
    // The SDK wants some way to authorize; what the plugin writes replaces it.
    key: Buffer.from('not the key').toString('base64'),
    connectionPolicy: { enableEndpointDiscovery: false },
    plugins: [
      {
        on: 'request',
        plugin: async (
          context: SdkRequest,
          _node: unknown,
          next: (context: SdkRequest) => Promise<unknown>,
        ) => {
          const headers = Object.entries(context.headers).map(
            ([name, value]) => [name, String(value)] as const,
          )
          const prepared = await signRequest(
            { method: context.method, url: `${context.endpoint}${context.path}`, headers },
            [ours],
            { clock: () => new Date(Date.now() + 1000 * seconds++) },
          )
          context.headers = Object.fromEntries(prepared.headers)
          return next(context)
        },
      },
    ],
  }
  const client = new CosmosClient(options as CosmosClientOptions)
  onTestFinished(() => client.dispose())
  const { resource } = await client.database('Shop').container('Orders').item('a b', 'a').read()
  expect(resource).toMatchObject({ value: 1 })
  expect(verdicts).toEqual(['right', 'right'])
  expect(new Set(server.received.map(({ headers }) => headers.authorization)).size).toBe(verdicts.length)
})
