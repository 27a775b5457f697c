import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { prepare } from '@ez/core'
import { exampleScheme, provider } from '@ez/example-scheme'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let issued = 0
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => {
    body += part
  })
  request.on('end', () => {
    const form = new URLSearchParams(body)
    const right = form.get('client_secret') === 'example-client-secret'
    if (right) issued += 1
    response.writeHead(right ? 200 : 401, { 'content-type': 'application/json' }).end(
      JSON.stringify(
        right
          ? { access_token: `token-number-${issued}`, token_type: 'bearer', expires_in: 3600 }
          : { error: 'invalid_client' },
      ),
    )
  })
})
let tokenUrl = ''

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
})
afterAll(() => void server.close())

const options = (clientSecret = 'example-client-secret') => ({ tokenUrl, clientId: 'example', clientSecret })
const template = (script: ReturnType<typeof exampleScheme>) => ({
  method: 'GET',
  url: 'https://api.example.com/',
  preRequest: [script],
})

describe('the token', () => {
  it('is sent, kept, renewed when it ends or is forgotten, and never shown', async () => {
    const script = exampleScheme(options())
    const at = (instant: string) => prepare(template(script), { clock: () => new Date(instant) })
    const [first, second] = await Promise.all([at('2026-01-15T12:00:00Z'), at('2026-01-15T12:00:00Z')])
    expect(first.headers).toEqual([['authorization', 'Bearer token-number-1']])
    expect(second.headers).toEqual(first.headers)
    expect((await at('2026-01-15T12:58:59Z')).headers).toEqual(first.headers)
    expect((await at('2026-01-15T12:59:00Z')).headers).toEqual([['authorization', 'Bearer token-number-2']])
    script.forget?.()
    expect((await at('2026-01-15T13:00:00Z')).headers).toEqual([['authorization', 'Bearer token-number-3']])
    expect(JSON.stringify(first.trace)).not.toContain('token-number')
  })

  it('is refused with a coded error that shows no secret', async () => {
    const refused = prepare(template(exampleScheme(options('another-client-secret'))))
    await expect(refused).rejects.toMatchObject({
      code: 'EZ_TOKEN_REFUSED',
      message: expect.stringMatching(/invalid_client/),
    })
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('another-client') })
  })
})

describe('options', () => {
  it.each([
    ['no secret', { clientSecret: '' }, 'EZ_CREDENTIAL_MISSING'],
    ['an endpoint without TLS', { tokenUrl: 'http://login.example.com/token' }, 'EZ_OPTION_INVALID'],
  ])('%s is refused', (_, changes, code) => {
    expect(() => exampleScheme({ ...options(), ...changes })).toThrow(expect.objectContaining({ code }))
  })

  it('are what the provider describes', () => {
    expect(provider.create(options())).toMatchObject({ specVersion: 1, id: 'example-scheme' })
  })
})
