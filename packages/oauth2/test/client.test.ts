import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { attemptsOf, createClient } from '@ez/client'
import { secret } from '@ez/core'
import { memoryStore, refreshToken } from '@ez/oauth2'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

/** A service and its authorization server in one: only the newest access token is good, a refresh token works once. */
let server: Server
let origin = ''
let issued = 0
let valid = ''
let refused = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const answer = (status: number, value: object): void => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(value))
      }
      if (request.url === '/token') {
        const spent = new URLSearchParams(body).get('refresh_token') !== `refresh-${issued}`
        if (spent) return answer(400, { error: 'invalid_grant' })
        issued += 1
        valid = `access-token-${issued}`
        return setTimeout(
          () =>
            answer(200, {
              access_token: valid,
              token_type: 'bearer',
              expires_in: 3600,
              refresh_token: `refresh-${issued}`,
            }),
          50,
        )
      }
      // Some refusals come late, when the new token is there already.
      if (request.headers.authorization === `Bearer ${valid}`) return answer(200, { ok: true })
      refused += 1
      return setTimeout(() => answer(401, { error: 'invalid_token' }), (refused % 10) * 30)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  issued = 0
  refused = 0
})

function setUp(): { client: ReturnType<typeof createClient>; template: { method: string; url: string } } {
  const token = refreshToken({
    tokenEndpoint: `${origin}/token`,
    clientId: 'client',
    clientSecret: secret('client-secret-1'),
    refreshToken: secret('refresh-0'),
    store: memoryStore(),
  })
  return {
    client: createClient({ preRequest: [token] }),
    template: { method: 'GET', url: `${origin}/orders` },
  }
}

test('50 concurrent sends with an expired token cause one refresh', async () => {
  const { client, template } = setUp()
  expect((await client.send(template)).status).toBe(200)
  valid = 'revoked'
  const responses = await Promise.all(Array.from({ length: 50 }, () => client.send(template)))
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
  expect(issued).toBe(2)
  const attempts = attemptsOf(responses[0])
  expect(attempts.map(({ status }) => status)).toEqual([401, 200])
  expect(attempts[0]?.diagnosis?.cause).toBe('token-expired')
})

test('a token that expires again is fetched again', async () => {
  const { client, template } = setUp()
  for (let round = 1; round <= 3; round += 1) {
    expect((await client.send(template)).status).toBe(200)
    valid = 'revoked'
  }
  expect((await client.send(template)).status).toBe(200)
  expect(issued).toBe(4)
})
