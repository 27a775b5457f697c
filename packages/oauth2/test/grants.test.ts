import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { EzError, prepare, secret } from '@ez/core'
import { clientCredentials, entra, memoryStore, refreshToken } from '@ez/oauth2'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AuthorizationServer, startAuthorizationServer } from './support/authorization-server.ts'
import { closedEndpoint } from './support/closed-endpoint.ts'
import { headerOf, send, shown } from './support/tokens.ts'

let server: AuthorizationServer
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 })
const pem = (key: typeof privateKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
// The directory knows the certificate; all that is sent of it is its digest.
const der = randomBytes(600)
const certificate = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`

beforeAll(async () => {
  const jwk = publicKey.export({ format: 'jwk' })
  server = await startAuthorizationServer([
    {
      client_id: 'certified',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'PS256',
      jwks: { keys: [{ ...jwk, use: 'sig' } as never] },
    },
  ])
})
afterAll(() => server.close())
beforeEach(() => {
  server.requests.length = 0
})

const machine = (): Parameters<typeof clientCredentials>[0] => ({
  tokenEndpoint: server.tokenEndpoint,
  clientId: 'machine',
  clientSecret: secret('machine-secret-1'),
  scope: 'orders.read',
})

describe('client credentials', () => {
  test('a token that the server knows, in the header and as an output', async () => {
    const prepared = await send(clientCredentials(machine()))
    const token = headerOf(prepared, 'authorization')?.replace('Bearer ', '') as string
    expect(await server.provider.ClientCredentials.find(token)).toMatchObject({
      clientId: 'machine',
      scope: 'orders.read',
    })
    expect(shown(prepared)).not.toContain(token)
    expect(shown(prepared)).not.toContain('machine-secret-1')
  })

  test('the secret in the form', async () => {
    const options = {
      ...machine(),
      clientId: 'poster',
      clientSecret: 'poster-secret-1',
      authentication: 'post' as const,
    }
    expect(headerOf(await send(clientCredentials(options)), 'authorization')).toMatch(/^Bearer .{20,}/)
    expect(server.requests[0]?.get('client_id')).toBe('poster')
  })

  test('the template places the token', async () => {
    const script = clientCredentials(machine())
    const template = {
      method: 'GET',
      url: 'https://api.example.com/',
      headers: { 'x-token': 't={%access_token%}' },
      preRequest: [script],
    }
    const prepared = await prepare(template)
    expect(headerOf(prepared, 'x-token')).toMatch(/^t=.{20,}/)
    expect(headerOf(prepared, 'authorization')).toBeUndefined()
  })

  test('another header, another output, no header', async () => {
    const own = await send(
      clientCredentials({ ...machine(), header: 'x-own', output: 'own' }),
      {},
      { headers: { 'x-out': '{%own%}' } },
    )
    expect(headerOf(own, 'x-own')).toBe(headerOf(own, 'x-out'))
    const none = await send(clientCredentials({ ...machine(), header: null }))
    expect(headerOf(none, 'authorization')).toBeUndefined()
  })

  test('credentials from a function: one token for each tenant', async () => {
    const script = clientCredentials({
      credentials: ({ variables }) => ({ ...machine(), scope: String(variables?.scope) }) as never,
    })
    const first = await send(script, { variables: { scope: 'orders.read' } })
    const second = await send(script, { variables: { scope: 'offline_access' } })
    const again = await send(script, { variables: { scope: 'orders.read' } })
    expect(headerOf(first, 'authorization')).toBe(headerOf(again, 'authorization'))
    expect(headerOf(first, 'authorization')).not.toBe(headerOf(second, 'authorization'))
    expect(server.requests).toHaveLength(2)
  })

  test('a refusal names grant, endpoint, code and cure, and no secret', async () => {
    const error = (await send(
      clientCredentials({ ...machine(), clientSecret: secret('wrong-secret-9') }),
    ).catch((thrown: unknown) => thrown)) as EzError
    expect(error.code).toBe('EZ_TOKEN_REFUSED')
    expect(error.message).toContain(
      `client_credentials grant at ${server.tokenEndpoint} was refused: invalid_client (HTTP 401)`,
    )
    expect(shown(error)).not.toContain('wrong-secret-9')
    const beyond = {
      ...machine(),
      clientId: 'poster',
      clientSecret: 'poster-secret-1',
      authentication: 'post' as const,
    }
    const scope = send(clientCredentials({ ...beyond, scope: 'offline_access' }))
    await expect(scope).rejects.toMatchObject({
      code: 'EZ_TOKEN_REFUSED',
      details: { oauthError: 'invalid_scope' },
    })
  })

  test('no answer, no OAuth', async () => {
    const nobody = clientCredentials({ ...machine(), tokenEndpoint: await closedEndpoint() })
    await expect(send(nobody)).rejects.toMatchObject({
      code: 'EZ_TOKEN_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    const elsewhere = clientCredentials({ ...machine(), tokenEndpoint: `${server.issuer}/nothing` })
    const error = await send(elsewhere).catch((thrown: unknown) => thrown)
    expect(EzError.isInstance(error) && error.code).toMatch(/EZ_TOKEN_(REFUSED|RESPONSE_INVALID)/)
  })
})

describe('refresh token', () => {
  const options = (token: string): Parameters<typeof refreshToken>[0] => ({
    tokenEndpoint: server.tokenEndpoint,
    clientId: 'rotating',
    clientSecret: 'rotating-secret',
    refreshToken: secret(token),
  })

  test('rotates: each refresh token is used once', async () => {
    const script = refreshToken(options(await server.refreshToken()))
    const tokens = new Set<string | undefined>()
    for (let round = 0; round < 3; round += 1) {
      tokens.add(headerOf(await send(script), 'authorization'))
      script.forget?.()
    }
    expect(tokens.size).toBe(3)
    const used = server.requests.map((form) => form.get('refresh_token'))
    expect(new Set(used).size).toBe(3)
  })

  test('50 concurrent sends with a refused token cause one refresh', async () => {
    const script = refreshToken(options(await server.refreshToken()))
    const before = await send(script)
    server.requests.length = 0
    const refused = { status: 401, headers: [], body: new Uint8Array() }
    const sends = Array.from({ length: 50 }, async (_, index) => {
      if (script.diagnose?.(refused, before)?.cause === 'token-expired') script.forget?.()
      // Some hear of the refusal when the new token is there already.
      if (index % 5 === 0) {
        await new Promise((resolve) => setTimeout(resolve, index * 4))
        script.diagnose?.(refused, before)
        script.forget?.()
      }
      return headerOf(await send(script), 'authorization')
    })
    const tokens = new Set(await Promise.all(sends))
    expect(tokens.size).toBe(1)
    expect(tokens).not.toContain(headerOf(before, 'authorization'))
    expect(server.requests).toHaveLength(1)
  })

  test('a token that was used already is refused, with its cure', async () => {
    const token = await server.refreshToken()
    await send(refreshToken(options(token)))
    // As another process would, which knows nothing of the first.
    const other = refreshToken({ ...options(token), store: memoryStore() })
    await expect(send(other)).rejects.toMatchObject({
      code: 'EZ_TOKEN_REFUSED',
      message: expect.stringMatching(/refresh_token grant .* invalid_grant .* authorize again/),
    })
  })
})

describe('Microsoft Entra', () => {
  const options = (): object => ({ authority: server.issuer, tenantId: 'tenant-1', scope: 'orders.read' })

  test('by secret', async () => {
    const script = entra({ ...options(), clientId: 'poster', clientSecret: 'poster-secret-1' } as never)
    expect(headerOf(await send(script), 'authorization')).toMatch(/^Bearer /)
  })

  test('by certificate: the server verifies the assertion', async () => {
    const script = entra({
      ...options(),
      clientId: 'certified',
      certificate,
      privateKey: secret(pem(privateKey)),
    } as never)
    const prepared = await send(script)
    expect(headerOf(prepared, 'authorization')).toMatch(/^Bearer /)
    const [header] = String(server.requests[0]?.get('client_assertion')).split('.')
    expect(JSON.parse(atob(header as string))).toMatchObject({
      alg: 'PS256',
      'x5t#S256': createHash('sha256').update(der).digest('base64url'),
    })
  })

  test.each([
    ['PKCS #8', privateKey.export({ type: 'pkcs8', format: 'pem' })],
    ['PKCS #1', privateKey.export({ type: 'pkcs1', format: 'pem' })],
    ['a JWK', JSON.stringify(privateKey.export({ format: 'jwk' }))],
  ])('the key is read as %s', async (_, key) => {
    const script = entra({
      ...options(),
      clientId: 'certified',
      certificate,
      privateKey: secret(String(key)),
    } as never)
    expect(headerOf(await send(script), 'authorization')).toMatch(/^Bearer /)
  })

  test('another key is refused', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const script = entra({
      ...options(),
      clientId: 'certified',
      certificate,
      privateKey: secret(pem(other)),
    } as never)
    await expect(send(script)).rejects.toMatchObject({
      code: 'EZ_TOKEN_REFUSED',
      details: { oauthError: 'invalid_client' },
    })
  })

  test('for Cosmos DB', async () => {
    const script = entra({
      ...options(),
      clientId: 'poster',
      clientSecret: 'poster-secret-1',
      cosmos: true,
    } as never)
    const prepared = await send(script, { clock: () => new Date('2026-01-02T03:04:05Z') })
    expect(headerOf(prepared, 'authorization')).toMatch(/^type%3Daad%26ver%3D1\.0%26sig%3D.{20,}/)
    expect(headerOf(prepared, 'x-ms-date')).toBe('Fri, 02 Jan 2026 03:04:05 GMT')
    script.diagnose?.({ status: 401, headers: [], body: new Uint8Array() }, prepared)
    script.forget?.()
    expect(headerOf(await send(script), 'authorization')).not.toBe(headerOf(prepared, 'authorization'))
  })
})
