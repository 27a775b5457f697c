import { generateKeyPairSync } from 'node:crypto'
import { secret } from '@ez/core'
import { googleServiceAccount, jwtBearer, loginWithAmazon, netsuiteM2M, password } from '@ez/oauth2'
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { headerOf, send, shown } from './support/tokens.ts'

const network = setupServer()
beforeAll(() => network.listen())
afterEach(() => network.resetHandlers())
afterAll(() => network.close())

const instant = new Date('2026-01-02T03:04:05Z')
const context = { clock: () => instant, nonce: () => 'NonceOfTheAttempt' }
const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = (key: typeof rsa.privateKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** A token endpoint that looks at the form and answers as it is told. */
function tokenEndpoint(
  url: string,
  answer: (form: URLSearchParams, request: Request) => object | Promise<object>,
): { calls: number } {
  const seen = { calls: 0 }
  network.use(
    http.post(url, async ({ request }) => {
      seen.calls += 1
      return HttpResponse.json((await answer(new URLSearchParams(await request.text()), request)) as never)
    }),
  )
  return seen
}

describe('Login with Amazon', () => {
  const url = 'https://api.amazon.com/auth/o2/token'
  const client = { clientId: 'amzn1.application-oa2-client.example', clientSecret: secret('lwa-secret-1') }
  const spApi = { url: 'https://sellingpartnerapi-na.amazon.com/orders/v0/orders' }

  test("a seller's token", async () => {
    let form = new URLSearchParams()
    const seen = tokenEndpoint(url, (given) => {
      form = given
      return {
        access_token: 'Atza|token-1',
        token_type: 'bearer',
        expires_in: 3600,
        refresh_token: 'Atzr|refresh-1',
      }
    })
    const script = loginWithAmazon({ ...client, refreshToken: secret('Atzr|refresh-1') })
    const prepared = await send(script, context, spApi)
    expect(headerOf(prepared, 'x-amz-access-token')).toBe('Atza|token-1')
    expect(headerOf(prepared, 'authorization')).toBeUndefined()
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'Atzr|refresh-1',
      client_id: client.clientId,
      client_secret: 'lwa-secret-1',
    })
    await send(script, context, spApi)
    expect(seen.calls).toBe(1)
    expect(shown(prepared)).not.toMatch(/token-1|refresh-1|lwa-secret/)
  })

  test('a grantless token', async () => {
    tokenEndpoint(url, (form) => ({
      access_token: `for ${form.get('scope')}`,
      token_type: 'bearer',
      expires_in: 3600,
    }))
    const script = loginWithAmazon({ ...client, scope: 'sellingpartnerapi::notifications' })
    expect(headerOf(await send(script, context, spApi), 'x-amz-access-token')).toBe(
      'for sellingpartnerapi::notifications',
    )
  })

  test('a restricted data token', async () => {
    tokenEndpoint(url, () => ({ access_token: 'Atza|plain-token', token_type: 'bearer', expires_in: 3600 }))
    let asked: unknown
    let calls = 0
    network.use(
      http.post(
        'https://sellingpartnerapi-na.amazon.com/tokens/2021-03-01/restrictedDataToken',
        async ({ request }) => {
          calls += 1
          asked = [request.headers.get('x-amz-access-token'), await request.json()]
          return HttpResponse.json({ restrictedDataToken: `Atz.sprdt|${calls}`, expiresIn: 3600 })
        },
      ),
    )
    const resources = [{ method: 'GET', path: '/orders/v0/orders', dataElements: ['buyerInfo'] }]
    const script = loginWithAmazon({ ...client, refreshToken: 'Atzr|r', restricted: { resources } })
    const prepared = await send(script, context, spApi)
    expect(headerOf(prepared, 'x-amz-access-token')).toBe('Atz.sprdt|1')
    expect(asked).toEqual(['Atza|plain-token', { restrictedResources: resources }])
    await send(script, context, spApi)
    expect(calls).toBe(1)
    await expect(send(script, context, { url: 'https://elsewhere.example/' })).rejects.toMatchObject({
      code: 'EZ_OPTION_INVALID',
    })
  })

  test.each([
    [
      403,
      { errors: [{ code: 'Unauthorized', message: 'The access token you provided has expired.' }] },
      'token-expired',
    ],
    [
      403,
      { errors: [{ code: 'Unauthorized', message: 'Access to requested resource is denied.' }] },
      'credential',
    ],
    [403, { errors: [{ code: 'InvalidSignature' }] }, undefined],
    [200, {}, undefined],
  ])('an answer %i %j: %s', async (status, body, cause) => {
    tokenEndpoint(url, () => ({ access_token: 'Atza|token-2', token_type: 'bearer', expires_in: 3600 }))
    const script = loginWithAmazon({ ...client, refreshToken: 'Atzr|r' })
    const prepared = await send(script, context, spApi)
    const response = { status, headers: [], body: new TextEncoder().encode(JSON.stringify(body)) }
    expect(script.diagnose?.(response, prepared)?.cause).toBe(cause)
  })
})

describe('NetSuite, machine to machine', () => {
  const url = 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token'
  const options = { accountId: '1234567_SB1', clientId: 'client-1', certificateId: 'certificate-1' }

  test.each([
    ['PS256', rsa],
    ['PS384', rsa],
    ['PS512', rsa],
    ['ES256', ec],
    ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['ES512', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
  ] as const)('the assertion verifies: %s', async (algorithm, keys) => {
    let claims: JWTPayload = {}
    tokenEndpoint(url, async (form) => {
      expect([...form.keys()].sort()).toEqual(['client_assertion', 'client_assertion_type', 'grant_type'])
      expect(form.get('grant_type')).toBe('client_credentials')
      expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      const assertion = form.get('client_assertion') as string
      expect(decodeProtectedHeader(assertion)).toEqual({ typ: 'JWT', alg: algorithm, kid: 'certificate-1' })
      claims = (
        await jwtVerify(assertion, keys.publicKey, {
          audience: url,
          issuer: 'client-1',
          currentDate: instant,
        })
      ).payload
      return { access_token: 'netsuite-token', token_type: 'bearer', expires_in: '3600' }
    })
    const script = netsuiteM2M({
      ...options,
      privateKey: secret(pem(keys.privateKey)),
      algorithm,
      scope: ['restlets', 'rest_webservices'],
    })
    expect(headerOf(await send(script, context), 'authorization')).toBe('Bearer netsuite-token')
    expect(claims.scope).toBe('restlets,rest_webservices')
    expect((claims.exp as number) - (claims.iat as number)).toBeLessThan(3600)
    expect(claims.iat).toBe(instant.getTime() / 1000)
  })

  test('who has another key gets no token of the first one, whatever else is the same', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 3072 })
    tokenEndpoint(url, async (form) => {
      await jwtVerify(form.get('client_assertion') as string, rsa.publicKey, {
        audience: url,
        currentDate: instant,
      })
      return { access_token: 'netsuite-token', token_type: 'bearer', expires_in: '3600' }
    })
    const script = netsuiteM2M({
      credentials: ({ variables }) => ({ ...options, privateKey: variables?.key }) as never,
    })
    const first = await send(script, { ...context, variables: { key: secret(pem(rsa.privateKey)) } })
    expect(headerOf(first, 'authorization')).toBe('Bearer netsuite-token')
    const second = send(script, { ...context, variables: { key: secret(pem(other.privateKey)) } })
    await expect(second).rejects.toMatchObject({ code: expect.stringMatching(/^EZ_TOKEN_/) })
  })

  test('a key with escaped line ends, and one of the wrong kind', async () => {
    tokenEndpoint(url, () => ({ access_token: 'netsuite-token', token_type: 'bearer', expires_in: '3600' }))
    const escaped = pem(rsa.privateKey).replaceAll('\n', '\\n')
    expect(
      headerOf(await send(netsuiteM2M({ ...options, privateKey: escaped }), context), 'authorization'),
    ).toBe('Bearer netsuite-token')
    const wrong = netsuiteM2M({ ...options, privateKey: pem(ec.privateKey) })
    await expect(send(wrong, context)).rejects.toMatchObject({ code: 'EZ_CREDENTIAL_INVALID' })
    await expect(send(netsuiteM2M({ ...options, privateKey: 'no key' }), context)).rejects.toMatchObject({
      code: 'EZ_CREDENTIAL_INVALID',
    })
  })

  test.each([
    [{ algorithm: 'RS256' }, 'EZ_OPTION_INVALID'],
    [{ accountId: '1234567.evil.example/' }, 'EZ_OPTION_INVALID'],
    [{ scope: ['everything'] }, 'EZ_OPTION_INVALID'],
    [{ privateKey: '' }, 'EZ_CREDENTIAL_MISSING'],
  ])('options %j', (wrong, code) => {
    expect(() => netsuiteM2M({ ...options, privateKey: pem(rsa.privateKey), ...wrong } as never)).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

describe('JWT bearer', () => {
  test('a Google service account', async () => {
    tokenEndpoint('https://oauth2.googleapis.com/token', async (form) => {
      expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
      const { payload, protectedHeader } = await jwtVerify(form.get('assertion') as string, rsa.publicKey, {
        audience: 'https://oauth2.googleapis.com/token',
        issuer: 'robot@project.iam.gserviceaccount.com',
        currentDate: instant,
      })
      expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' })
      return { access_token: `ya29.${payload.sub} ${payload.scope}`, token_type: 'Bearer', expires_in: 3599 }
    })
    const serviceAccount = secret(
      JSON.stringify({
        client_email: 'robot@project.iam.gserviceaccount.com',
        private_key: pem(rsa.privateKey),
        private_key_id: 'key-1',
      }),
    )
    const script = googleServiceAccount({
      serviceAccount,
      scope: 'https://www.googleapis.com/auth/a',
      subject: 'user@example.com',
    })
    expect(headerOf(await send(script, context), 'authorization')).toBe(
      'Bearer ya29.user@example.com https://www.googleapis.com/auth/a',
    )
    expect(() => googleServiceAccount({ serviceAccount: '{}', scope: 'a' })).toThrow(
      expect.objectContaining({ code: 'EZ_CREDENTIAL_INVALID' }),
    )
  })

  test('any server', async () => {
    tokenEndpoint('https://auth.example.com/token', async (form) => {
      const { payload } = await jwtVerify(form.get('assertion') as string, ec.publicKey, {
        audience: 'own-audience',
        subject: 'user',
        currentDate: instant,
      })
      return { access_token: String(payload.jti), token_type: 'Bearer' }
    })
    const script = jwtBearer({
      tokenEndpoint: 'https://auth.example.com/token',
      issuer: 'client',
      subject: 'user',
      audience: 'own-audience',
      privateKey: pem(ec.privateKey),
      algorithm: 'ES256',
    })
    expect(headerOf(await send(script, context), 'authorization')).toBe('Bearer NonceOfTheAttempt')
  })
})

test('the password grant of a public client', async () => {
  let form = new URLSearchParams()
  tokenEndpoint('https://old.example.com/token', (given) => {
    form = given
    return { access_token: 'old-token', token_type: 'Bearer', expires_in: 60 }
  })
  const script = password({
    tokenEndpoint: 'https://old.example.com/token',
    clientId: 'public',
    username: 'user',
    password: secret('password-1'),
  })
  const prepared = await send(script, context)
  expect(headerOf(prepared, 'authorization')).toBe('Bearer old-token')
  expect(Object.fromEntries(form)).toEqual({
    grant_type: 'password',
    client_id: 'public',
    username: 'user',
    password: 'password-1',
  })
})

describe('answers that are none', () => {
  const url = 'https://auth.example.com/token'
  const script = (): ReturnType<typeof password> =>
    password({ tokenEndpoint: url, clientId: 'c', username: 'u', password: secret('password-1') })

  test.each<[string, () => Response, string, RegExp]>([
    ['HTML', () => HttpResponse.html('<p>password-1</p>'), 'EZ_TOKEN_RESPONSE_INVALID', /HTTP 200/],
    ['no token', () => HttpResponse.json({ token_type: 'bearer' }), 'EZ_TOKEN_RESPONSE_INVALID', /no token/],
    [
      'a redirect',
      () => HttpResponse.redirect('https://elsewhere.example/', 307) as Response,
      'EZ_TOKEN_RESPONSE_INVALID',
      /HTTP 307/,
    ],
    [
      '503',
      () => HttpResponse.text('busy', { status: 503, headers: { 'retry-after': '7' } }),
      'EZ_TOKEN_RESPONSE_INVALID',
      /HTTP 503/,
    ],
    [
      'an error that quotes',
      () =>
        HttpResponse.json(
          { error: 'invalid_grant', error_description: 'password-1 is wrong' },
          { status: 400 },
        ),
      'EZ_TOKEN_REFUSED',
      /invalid_grant/,
    ],
    [
      'an error that is no code',
      () => HttpResponse.json({ error: '<password-1>' }, { status: 400 }),
      'EZ_TOKEN_REFUSED',
      /unreadable code/,
    ],
  ])('%s', async (_, answer, code, message) => {
    network.use(http.post(url, () => answer() as never))
    const error = await send(script(), context).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(shown(error)).not.toContain('password-1')
  })
})
