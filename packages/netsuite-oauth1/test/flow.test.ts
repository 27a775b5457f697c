import { type PrepareContext, prepare, type RequestTemplate, type ResponseSnapshot, secret } from '@ez/core'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessToken,
  authorizeUrl,
  netsuiteOAuth1,
  readToken,
  requestToken,
  revokeToken,
  suiteQl,
} from '../src/index.ts'
import { NetSuiteServer } from './netsuite-server.ts'

const netsuite = new NetSuiteServer()
const server = setupServer(...netsuite.handlers)
const integration = { accountId: netsuite.accountId, ...netsuite.consumer }

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())

async function send(template: RequestTemplate, context?: PrepareContext): Promise<Response> {
  return fetch((await prepare(template, context)).toRequest())
}

async function snapshot(response: Response): Promise<ResponseSnapshot> {
  return {
    status: response.status,
    headers: [...response.headers.entries()],
    body: new Uint8Array(await response.arrayBuffer()),
  }
}

describe('the three-step flow', () => {
  it('asks for a token, has it allowed, exchanges it, queries with it page by page and revokes it', async () => {
    const requested = readToken(
      await (await send(requestToken(integration, 'https://my.example.com/TBA/?callbackRequest', 3))).text(),
    )
    expect(netsuite.verified.at(-1)?.signedNames).toContain('role')
    const allowed = netsuite.authorize(authorizeUrl(netsuite.accountId, requested.token, 'state & more'))
    expect(allowed).toMatchObject({ token: requested.token, state: 'state & more' })
    const access = readToken(await (await send(accessToken(integration, requested, allowed.verifier))).text())

    const credentials = { ...integration, tokenId: access.token, tokenSecret: secret(access.tokenSecret) }
    const rows: unknown[] = []
    for (let offset = 0, more = true; more; offset += 10) {
      const page = suiteQl(netsuite.accountId, 'SELECT id FROM customer', { limit: 10, offset })
      const response = await send({ ...page, preRequest: [netsuiteOAuth1(credentials)] })
      const { items, hasMore } = (await response.json()) as { items: unknown[]; hasMore: boolean }
      rows.push(...items)
      more = hasMore
    }
    expect(rows).toHaveLength(25)
    expect(netsuite.verified.at(-1)?.signedNames).toEqual(
      expect.arrayContaining(['limit', 'offset', 'oauth_token']),
    )

    expect((await send(revokeToken(credentials))).status).toBe(200)
    expect((await send(revokeToken(credentials))).status).toBe(401)
  })
})

describe('the server', () => {
  const credentials = { ...integration, tokenId: 'known', tokenSecret: 'known secret' }
  const signer = netsuiteOAuth1(credentials)
  const template = { ...suiteQl(netsuite.accountId, 'SELECT 1', { limit: 10 }), preRequest: [signer] }
  beforeAll(() => {
    netsuite.tokens.set('known', 'known secret')
  })

  it('refuses a request that is sent twice, and the diagnosis says why', async () => {
    const prepared = await prepare(template)
    expect((await fetch(prepared.toRequest())).status).toBe(200)
    const again = await snapshot(await fetch(prepared.toRequest()))
    expect(signer.diagnose?.(again, prepared)?.cause).toBe('nonce-used')
  })

  it('refuses a stale clock, a wrong secret and a changed query', async () => {
    const stale = await prepare(template, { clock: () => new Date(Date.now() - 600_000) })
    const answer = await snapshot(await fetch(stale.toRequest()))
    expect(signer.diagnose?.(answer, stale)).toMatchObject({
      cause: 'clock-skew',
      clockOffsetMs: expect.closeTo(600_000, -4),
    })
    const wrong = netsuiteOAuth1({ ...credentials, tokenSecret: 'other' })
    expect((await send({ ...template, preRequest: [wrong] })).status).toBe(401)
    const good = (await prepare(template)).toRequest()
    expect((await fetch(new Request(`${good.url}&q=1`, good))).status).toBe(401)
  })
})
