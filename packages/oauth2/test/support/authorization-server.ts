import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

/** A real authorization server on loopback, and what it was asked. */
export interface AuthorizationServer {
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly provider: Provider
  /** The form of each token request. */
  readonly requests: URLSearchParams[]
  /** Status codes of the answers. */
  readonly statuses: number[]
  /** A refresh token for the client `rotating`. */
  refreshToken(): Promise<string>
  close(): void
}

const tokenPath = '/tenant-1/oauth2/v2.0/token'

export async function startAuthorizationServer(
  clients: Configuration['clients'] = [],
): Promise<AuthorizationServer> {
  const requests: URLSearchParams[] = []
  const statuses: number[] = []
  let handle: (...parameters: Parameters<ReturnType<Provider['callback']>>) => unknown = () => {}
  const server: Server = createServer((request, response) => {
    response.on('finish', () => statuses.push(response.statusCode))
    void handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'machine',
        client_secret: 'machine-secret-1',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
      {
        client_id: 'poster',
        client_secret: 'poster-secret-1',
        scope: 'orders.read',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        client_id: 'rotating',
        client_secret: 'rotating-secret',
        grant_types: ['refresh_token', 'authorization_code'],
        redirect_uris: ['https://client.example/'],
      },
      ...clients,
    ],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    enabledJWA: { clientAuthSigningAlgValues: ['PS256', 'ES256', 'RS256'] },
    scopes: ['orders.read', 'offline_access', 'openid'],
    routes: { token: tokenPath },
    rotateRefreshToken: true,
    ttl: { ClientCredentials: 600, AccessToken: 600, RefreshToken: 3600, Grant: 3600 },
    async findAccount(_, accountId) {
      return { accountId, claims: async () => ({ sub: accountId }) }
    },
  })
  provider.use(async (context, next) => {
    await next()
    if (context.path === tokenPath)
      requests.push(new URLSearchParams(context.oidc?.body as Record<string, string>))
  })
  handle = provider.callback()
  return {
    issuer,
    tokenEndpoint: issuer + tokenPath,
    provider,
    requests,
    statuses,
    async refreshToken() {
      const client = await provider.Client.find('rotating')
      const grant = new provider.Grant({ accountId: 'user-1', clientId: 'rotating' })
      grant.addOIDCScope('offline_access')
      const grantId = await grant.save()
      const token = new provider.RefreshToken({
        accountId: 'user-1',
        client: client as NonNullable<typeof client>,
        grantId,
        gty: 'authorization_code',
        scope: 'offline_access',
        claims: {},
      } as unknown as ConstructorParameters<typeof provider.RefreshToken>[0])
      return token.save()
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
