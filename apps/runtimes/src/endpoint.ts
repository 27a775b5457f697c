import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { verifyAzureStorage } from '@ez/azure-storage/verify'
import type { ResolvedRequest } from '@ez/core'
import { verifyCosmosAuth } from '@ez/cosmos-auth/verify'
import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
import { verifyOAuth1 } from '@ez/netsuite-oauth1/verify'
import { keys } from './keys.ts'

type Verifier = (request: ResolvedRequest) => Promise<unknown>

const verifiers: Readonly<Record<string, Verifier>> = {
  aws: (request) =>
    verifyAwsSigV4(request, { secretFor: () => keys.aws.secretAccessKey, region: 'us-east-1' }),
  's3-presigned': (request) =>
    verifyAwsSigV4(request, { secretFor: () => keys.aws.secretAccessKey, service: 's3' }),
  azure: (request) => verifyAzureStorage(request, { secretFor: () => keys.azure.accountKey }),
  cosmos: (request) => verifyCosmosAuth(request, { secretFor: () => keys.cosmos }),
  oauth1: (request) =>
    verifyOAuth1(request, { secretFor: () => ({ consumerSecret: keys.oauth1.consumerSecret }) }),
  ed25519: (request) =>
    verifyHttpMessageSignatures(request, {
      secretFor: () => ({ algorithm: 'ed25519', key: keys.ed25519.public }),
      requiredComponents: ['@method', '@target-uri', 'content-digest'],
    }),
}

/** Starts the endpoint on a free port of the loopback interface. */
export async function startEndpoint(): Promise<{ readonly address: string; stop(): void }> {
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}`, stop: () => void server.close() }
}

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  // A browser asks first, and names the headers that it will send.
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader(
    'access-control-allow-headers',
    incoming.headers['access-control-request-headers'] ?? '*',
  )
  if (incoming.method === 'OPTIONS') return void response.writeHead(204).end()
  const scheme = String(incoming.headers['x-scheme'] ?? '')
  try {
    await verifiers[scheme]?.(await received(incoming))
    response.writeHead(verifiers[scheme] ? 200 : 404).end(`${scheme} verified`)
  } catch (error) {
    response.writeHead(403).end(String(error))
  }
}

async function received(incoming: IncomingMessage): Promise<ResolvedRequest> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const headers: [string, string][] = []
  for (let index = 0; index < incoming.rawHeaders.length; index += 2)
    headers.push([
      (incoming.rawHeaders[index] as string).toLowerCase(),
      incoming.rawHeaders[index + 1] as string,
    ])
  return {
    method: incoming.method ?? '',
    url: `http://${incoming.headers.host}${incoming.url}`,
    headers,
    body: Buffer.concat(parts),
  }
}
