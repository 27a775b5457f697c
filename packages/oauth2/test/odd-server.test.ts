import { generateKeyPairSync } from 'node:crypto'
import { clientCredentials } from '@ez/oauth2'
import { exportJWK } from 'jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startAuthorizationServer } from './support/authorization-server.ts'
import { headerOf, send } from './support/tokens.ts'

const options = {
  tokenEndpoint: 'https://auth.example.com/token',
  clientId: 'my-client.v1_a',
  clientSecret: 'secret+1/=',
}

interface Asked {
  readonly headers: Headers
  readonly body: string
}

function answering(answer: () => Response): { fetch: typeof fetch; asked: Asked[] } {
  const asked: Asked[] = []
  return {
    asked,
    fetch: (async (_: unknown, init?: RequestInit) => {
      asked.push({ headers: new Headers(init?.headers), body: String(init?.body) })
      return answer()
    }) as typeof fetch,
  }
}

const bearer = (): Response => Response.json({ access_token: 'token-1', token_type: 'bearer' })

describe('the Authorization header of a client', () => {
  // RFC 6749 appendix B: application/x-www-form-urlencoded, which leaves `-`, `.` and `_` as they are.
  test('is form-encoded: a server that decodes it and one that compares it know the id', async () => {
    const { fetch, asked } = answering(bearer)
    await send(clientCredentials({ ...options, clientSecret: 'a b+1/=~ü*' }), { fetch })
    const text = Buffer.from(asked[0]?.headers.get('authorization')?.slice(6) ?? '', 'base64').toString()
    expect(text).toBe('my-client.v1_a:a+b%2B1%2F%3D%7E%C3%BC*')
    const [id = '', secret = ''] = text.split(':')
    expect(new URLSearchParams(`id=${id}&secret=${secret}`).get('secret')).toBe('a b+1/=~ü*')
  })

  test('is left as it stands for servers that decode nothing', async () => {
    const { fetch, asked } = answering(bearer)
    await send(clientCredentials({ ...options, authentication: 'basic-unencoded' }), { fetch })
    expect(asked[0]?.headers.get('authorization')).toBe(`Basic ${btoa('my-client.v1_a:secret+1/=')}`)
  })

  test('a refusal of the client says what else a server may want', async () => {
    const { fetch } = answering(() => Response.json({ error: 'invalid_client' }, { status: 401 }))
    await expect(send(clientCredentials(options), { fetch })).rejects.toMatchObject({
      code: 'EZ_TOKEN_REFUSED',
      message: expect.stringMatching(/authentication: post, or basic-unencoded/),
    })
  })
})

describe('answers beside the standard', () => {
  const odd: [string, () => Response, object][] = [
    [
      'without token_type',
      () => Response.json({ access_token: 'token-1', expires_in: 60 }),
      { lenient: true },
    ],
    [
      'with 201',
      () => Response.json({ access_token: 'token-1', token_type: 'Bearer' }, { status: 201 }),
      { lenient: true },
    ],
    [
      'form-encoded',
      () =>
        new Response('access_token=token-1&expires=3600', {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
      { lenient: true },
    ],
    [
      'inside data',
      () => Response.json({ code: 0, data: { access_token: 'token-1', token_type: 'bearer' } }),
      { answerIn: 'data' },
    ],
    [
      'inside result.token, without token_type',
      () => Response.json({ result: { token: { access_token: 'token-1' } } }),
      { answerIn: 'result.token', lenient: true },
    ],
  ]

  test.each(odd)('%s: refused, and taken when it is asked for', async (_, answer, given) => {
    const { fetch } = answering(answer)
    await expect(send(clientCredentials(options), { fetch })).rejects.toMatchObject({
      code: 'EZ_TOKEN_RESPONSE_INVALID',
    })
    expect(
      headerOf(await send(clientCredentials({ ...options, ...given }), { fetch }), 'authorization'),
    ).toBe('Bearer token-1')
  })

  test.each([
    ['an error with 201', () => Response.json({ error: 'invalid_grant' }, { status: 201 })],
    ['a page', () => new Response('<html>a=b</html>')],
    ['a token with 500', () => Response.json({ access_token: 'token-1' }, { status: 500 })],
    ['a token of another type', () => Response.json({ access_token: 'token-1', token_type: 'mac' })],
    ['an empty token', () => Response.json({ access_token: '' })],
  ])('%s stays refused', async (_, answer) => {
    const { fetch } = answering(answer)
    await expect(send(clientCredentials({ ...options, lenient: true }), { fetch })).rejects.toMatchObject({
      code: expect.stringMatching(/^EZ_TOKEN_(?:RESPONSE_INVALID|REFUSED)$/),
    })
  })
})

describe('token requests beside the standard', () => {
  test('go as JSON, with headers of their own', async () => {
    const { fetch, asked } = answering(bearer)
    await send(
      clientCredentials({
        ...options,
        requestFormat: 'json',
        requestHeaders: { 'notion-version': '2022-06-28' },
        extraParameters: { audience: 'https://api.example.com' },
      }),
      { fetch },
    )
    expect(asked[0]?.headers.get('content-type')).toBe('application/json')
    expect(asked[0]?.headers.get('notion-version')).toBe('2022-06-28')
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      grant_type: 'client_credentials',
      audience: 'https://api.example.com',
    })
  })

  test.each(['authorization', 'Content-Type', 'a b', 'host'])('the header %s is refused', (name) => {
    expect(() => clientCredentials({ ...options, requestHeaders: { [name]: 'x' } })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })

  test('another name of the grant is sent', async () => {
    const { fetch, asked } = answering(bearer)
    await send(
      clientCredentials({ ...options, grant: 'account_credentials', extraParameters: { account_id: 'a1' } }),
      { fetch },
    )
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: 'account_credentials',
      account_id: 'a1',
    })
  })
})

describe('private_key_jwt at a real server', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

  test('each request has an assertion of its own, which is good once', async () => {
    const server = await startAuthorizationServer([
      {
        client_id: 'by-key',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg: 'ES256' }] },
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ])
    onTestFinished(() => server.close())
    const script = clientCredentials({
      tokenEndpoint: server.tokenEndpoint,
      clientId: 'by-key',
      authentication: 'private_key_jwt',
      privateKey: pem,
      keyId: 'k1',
      algorithm: 'ES256',
      assertionAudience: server.issuer,
    })
    const first = await send(script)
    script.forget?.()
    // The same nonce, as in a second attempt under --nonce.
    await send(script, { nonce: () => 'fixed' })
    script.forget?.()
    await send(script, { nonce: () => 'fixed' })
    expect(server.statuses).toEqual([200, 200, 200])
    const assertions = server.requests.map((form) => form.get('client_assertion'))
    expect(new Set(assertions).size).toBe(3)
    const replayed = await fetch(server.tokenEndpoint, {
      method: 'POST',
      body: server.requests[0] as URLSearchParams,
    })
    expect(replayed.status).toBe(401)
    expect(headerOf(first, 'authorization')).toMatch(/^Bearer \S+$/)
  })

  test('a clock that is an hour off is refused by the server, and told', async () => {
    const server = await startAuthorizationServer([
      {
        client_id: 'by-key',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg: 'ES256' }] },
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ])
    onTestFinished(() => server.close())
    const script = clientCredentials({
      tokenEndpoint: server.tokenEndpoint,
      clientId: 'by-key',
      authentication: 'private_key_jwt',
      privateKey: pem,
      algorithm: 'ES256',
      assertionAudience: server.issuer,
    })
    const late = send(script, { clock: () => new Date(Date.now() - 3_600_000) })
    await expect(late).rejects.toMatchObject({
      code: 'EZ_TOKEN_REFUSED',
      details: { oauthError: 'invalid_client' },
    })
  })

  test.each([
    [{ authentication: 'private_key_jwt' as const }, 'EZ_CREDENTIAL_MISSING|EZ_OPTION_INVALID'],
    [{ privateKey: pem }, 'EZ_OPTION_INVALID'],
    [{ privateKey: pem, clientSecret: 's', authentication: 'private_key_jwt' as const }, 'EZ_OPTION_INVALID'],
  ])('half of it is refused: %#', (given, code) => {
    const { clientSecret: _, ...rest } = options
    expect(() => clientCredentials({ ...rest, ...given })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(code) }),
    )
  })
})
