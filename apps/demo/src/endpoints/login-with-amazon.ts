import { known } from './accounts.ts'
import { type Endpoint, json } from './endpoint.ts'
import { IssuedTokens } from './tokens.ts'

/** What Login with Amazon gave out; SP-API asks here. */
export const amazonTokens: IssuedTokens = new IssuedTokens('Atza|', 3600)

/** Login with Amazon: an access token for a refresh token. */
export const loginWithAmazon: Endpoint = {
  vendor: 'Login with Amazon',
  hosts: ['api.amazon.com'],
  paths: /^\/auth\/o2\/token$/,
  async answer(request, context) {
    const form = new URLSearchParams(await request.text())
    const isClient =
      form.get('client_id') === known('lwa_client_id') &&
      form.get('client_secret') === known('lwa_client_secret')
    if (!isClient) return refuse(401, 'invalid_client', 'Client authentication failed')
    if (form.get('grant_type') !== 'refresh_token')
      return refuse(400, 'unsupported_grant_type', 'The authorization grant type is not supported')
    if (form.get('refresh_token') !== known('lwa_refresh_token'))
      return refuse(400, 'invalid_grant', 'The request has an invalid grant parameter : refresh_token')
    return json(200, {
      access_token: amazonTokens.issue(context.now()),
      token_type: 'bearer',
      expires_in: amazonTokens.lifetime,
      refresh_token: known('lwa_refresh_token'),
    })
  },
}

function refuse(status: number, error: string, description: string): Response {
  return json(status, { error_description: description, error })
}
