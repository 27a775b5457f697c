import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'
import { onTestFinished } from 'vitest'

/** A real authorization server on loopback, with pages to log in at. */
export interface LoginServer {
  readonly issuer: string
  /** Grant types of the token requests. */
  readonly grants: string[]
  readonly statuses: number[]
}

const clients: Configuration['clients'] = [
  {
    client_id: 'my-native.client',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/callback'],
  },
]

export async function startLoginServer(accessTokenSeconds = 600): Promise<LoginServer> {
  const grants: string[] = []
  const statuses: number[] = []
  let handle: (...parameters: Parameters<ReturnType<Provider['callback']>>) => unknown = () => {}
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients,
    features: { devInteractions: { enabled: true }, deviceFlow: { enabled: true } },
    scopes: ['openid', 'offline_access', 'orders.read'],
    cookies: { keys: ['a key of this test'] },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: accessTokenSeconds,
      RefreshToken: 3600,
      Grant: 3600,
      Session: 600,
      Interaction: 600,
      DeviceCode: 600,
      IdToken: 600,
    },
    async findAccount(_, accountId) {
      return { accountId, claims: async () => ({ sub: accountId }) }
    },
  })
  provider.use(async (context, next) => {
    await next()
    if (context.path !== '/token') return
    grants.push(String((context.oidc?.body as Record<string, unknown> | undefined)?.grant_type))
    statuses.push(context.status)
  })
  handle = provider.callback()
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { issuer, grants, statuses }
}

/** Walks the server's pages as a person with a browser would: logs in as `user-1`, consents, confirms. */
export async function walk(address: string): Promise<string> {
  const cookies = new Map<string, string>()
  const { origin } = new URL(address)
  let url = address
  let form: URLSearchParams | undefined
  for (let page = 0; page < 20; page += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: form }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    const text = await response.text()
    const location = response.headers.get('location')
    form = undefined
    if (location !== null) {
      url = new URL(location, url).href
      if (new URL(url).origin !== origin) return (await fetch(url)).text()
      continue
    }
    const action = /action="([^"]+)"/.exec(text)?.[1]
    if (action === undefined) return text
    url = new URL(action, url).href
    form = new URLSearchParams(
      [
        ...text.matchAll(
          /<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"|<input[^>]*value="([^"]*)"[^>]*name="([^"]+)"/g,
        ),
      ].map(([, name, value, otherValue, otherName]) => [name ?? otherName ?? '', value ?? otherValue ?? '']),
    )
    if (/name="login"/.test(text)) {
      form.set('login', 'user-1')
      form.set('password', 'any')
    }
    if (/name="confirm"/.test(text)) form.set('confirm', 'yes')
  }
  throw new Error('the pages have no end')
}
