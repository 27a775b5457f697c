import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { prepare } from '@ez/core'
import { cosmosAuth, provider } from '@ez/cosmos-auth'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'

const url = 'https://account.documents.azure.com/dbs'
const host = (asked: string[]): Parameters<typeof provider.create>[1] => ({
  file: '/a.yaml',
  allows: () => true,
  check: (grant) => void asked.push(grant),
  store: undefined as never,
})

// A managed identity's endpoint as App Service has it. The library keeps its address, and tokens by scope, as long as the
// process: one endpoint for all tests, and a scope for each.
const asked: string[] = []
let status = 200
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const resource = searchParams.get('resource')
  asked.push(`${resource} ${searchParams.get('client_id') ?? ''}`.trim())
  const isRight = request.headers['x-identity-header'] === 'very-secret-header'
  response.writeHead(isRight ? status : 401, { 'content-type': 'application/json' })
  const expires_on = String(Math.floor(Date.now() / 1000) + 3600)
  response.end(
    JSON.stringify(
      status === 200
        ? { access_token: 'very-secret-token', expires_on, resource, token_type: 'Bearer' }
        : { error: 'invalid_request', error_description: 'Identity not found' },
    ),
  )
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

beforeEach(() => {
  for (const name of Object.keys(process.env))
    if (/^(?:AZURE|IDENTITY|MSI)_/.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`)
  vi.stubEnv('IDENTITY_HEADER', 'very-secret-header')
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential')
  vi.resetModules()
  asked.length = 0
  status = 200
})
afterEach(() => {
  vi.unstubAllEnvs()
})

it('in a request file, the token of a managed identity is asked for once a process, with a grant', async () => {
  const granted: string[] = []
  for (const credentials of ['default', 'default'] as const) {
    const prepared = await prepare({
      method: 'GET',
      url,
      preRequest: [provider.create({ credentials }, host(granted))],
    })
    const { authorization } = Object.fromEntries(prepared.headers)
    expect(decodeURIComponent(authorization ?? '')).toBe('type=aad&ver=1.0&sig=very-secret-token')
    expect(prepared.headers.map(([name]) => name)).toContain('x-ms-version')
    expect(JSON.stringify(prepared)).not.toContain('very-secret')
  }
  expect(asked).toEqual(['https://cosmos.azure.com'])
  expect(granted).toEqual(['credentials', 'credentials'])
})

it('asks for a user-assigned identity by its client ID', async () => {
  const { fromAzure } = await import('@ez/cosmos-auth/azure-identity')
  const source = fromAzure({
    managedIdentityClientId: 'my-identity',
    scope: 'https://other.example/.default',
  })
  await source({ now: () => new Date(), nonce: () => '' })
  expect(asked).toEqual(['https://other.example my-identity'])
})

it('tells without a secret that there is no token', async () => {
  status = 400
  const { fromAzure } = await import('@ez/cosmos-auth/azure-identity')
  const source = fromAzure({ scope: 'https://refused.example/.default' })
  const error = await Promise.resolve(source({ now: () => new Date(), nonce: () => '' })).catch(
    (cause: unknown) => cause,
  )
  expect(error).toMatchObject({
    code: 'EZ_CREDENTIAL_UNAVAILABLE',
    message: expect.stringContaining('az account show'),
  })
  expect(`${error} ${JSON.stringify(error)}`).not.toContain('very-secret')
})

it("takes a credential of the caller's own, and a new token five minutes before the old one ends", async () => {
  const { fromAzure } = await import('@ez/cosmos-auth/azure-identity')
  const start = Date.now()
  let given = 0
  const credential = {
    getToken: async () => ({ token: `own-token-${++given}`, expiresOnTimestamp: start + given * 600_000 }),
  }
  const signer = cosmosAuth({ credentials: fromAzure({ credential }) })
  const sent = async (seconds: number): Promise<string> => {
    const clock = (): Date => new Date(start + seconds * 1000)
    const { headers } = await prepare({ method: 'GET', url, preRequest: [signer] }, { clock })
    return decodeURIComponent(Object.fromEntries(headers).authorization ?? '')
  }
  expect([await sent(0), await sent(299), await sent(300)]).toEqual([
    'type=aad&ver=1.0&sig=own-token-1',
    'type=aad&ver=1.0&sig=own-token-1',
    'type=aad&ver=1.0&sig=own-token-2',
  ])
})
