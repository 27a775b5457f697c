import { EzError, type RequestTemplate, reveal, type Secret } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import type { OAuth1Options } from '../oauth1/options.ts'
import { oauth1 } from '../oauth1.ts'
import type { NetSuiteCredentials } from '../options.ts'
import { netsuiteOAuth1 } from '../signer.ts'
import { hostLabelOf, realmOf } from './account.ts'
import { restlets } from './templates.ts'

/** The integration that asks for a token. */
export interface TbaIntegration {
  /** `1234567_SB1` or `1234567-sb1`. */
  readonly accountId: string
  /** Names the integration; shown once when it is made. */
  readonly consumerKey: string | Secret
  /** Signs the requests of the flow, and is never sent. */
  readonly consumerSecret: string | Secret
}

/** A token and its secret, as the endpoints return them. */
export interface TbaToken {
  /** Names the token; the `tokenId` of `netsuiteOAuth1`. */
  readonly token: string
  /** Signs requests together with the consumer secret. */
  readonly tokenSecret: string
}

/**
 * Step one of the three-step TBA flow: a signed template that asks for a request token.
 *
 * Source: Oracle NetSuite Help, "Step One Obtain An Unauthorized Request Token".
 *
 * @param callback the callback URL of the integration record
 * @param role internal ID of the role that the user shall choose
 *
 * @example
 * ```ts
 * import { prepare } from '@ez/core'
 * import { authorizeUrl, readToken, requestToken } from '@ez/netsuite-oauth1'
 *
 * const integration = { accountId: '1234567', consumerKey: 'CONSUMER_KEY', consumerSecret: 'CONSUMER_SECRET' }
 * const prepared = await prepare(requestToken(integration, 'https://my.example.com/callback'))
 * const { token } = readToken(await (await fetch(prepared.toRequest())).text())
 * console.log(authorizeUrl(integration.accountId, token))
 * ```
 */
export function requestToken(
  integration: TbaIntegration,
  callback: string,
  role?: string | number,
): RequestTemplate {
  const extraParameters: [string, string][] = role === undefined ? [] : [['role', String(role)]]
  return tokenTemplate('requesttoken', integration, { callback, extraParameters })
}

/**
 * Step two: the URL at which the user allows the request token.
 *
 * Source: Oracle NetSuite Help, "Step Two Authorize the Request Token".
 *
 * @param state comes back to the callback, to tell that the answer belongs to this request
 */
export function authorizeUrl(accountId: string, token: string, state?: string): string {
  const hostLabel = hostLabelOf(accountId)
  const suffix = state === undefined ? '' : `&state=${encodeRfc3986(state)}`
  return `https://${hostLabel}.app.netsuite.com/app/login/secure/authorizetoken.nl?oauth_token=${encodeRfc3986(token)}${suffix}`
}

/**
 * Step three: a signed template that exchanges the allowed request token for an access token.
 *
 * Source: Oracle NetSuite Help, "Step Three Exchange the Request Token for an Access Token".
 *
 * @param verifier `oauth_verifier` as it came to the callback
 */
export function accessToken(
  integration: TbaIntegration,
  token: TbaToken,
  verifier: string | Secret,
): RequestTemplate {
  return tokenTemplate('accesstoken', integration, {
    token: token.token,
    tokenSecret: token.tokenSecret,
    verifier,
  })
}

/**
 * A signed template that revokes an access token for good.
 *
 * Source: Oracle NetSuite Help, "The RevokeToken Endpoint".
 */
export function revokeToken(credentials: NetSuiteCredentials): RequestTemplate {
  return {
    name: 'revoketoken',
    method: 'GET',
    url: `${restlets(credentials.accountId)}/rest/revoketoken`,
    query: { consumerKey: reveal(credentials.consumerKey), token: reveal(credentials.tokenId) },
    preRequest: [netsuiteOAuth1(credentials)],
  }
}

/**
 * Reads the answer to step one or three.
 *
 * @throws EZ_RESPONSE_INVALID when it holds no token
 */
export function readToken(body: string): TbaToken {
  const form = new URLSearchParams(body.trim())
  const [token, tokenSecret] = [form.get('oauth_token'), form.get('oauth_token_secret')]
  if (!token || !tokenSecret)
    throw new EzError(
      'EZ_RESPONSE_INVALID',
      'netsuite-oauth1: the answer holds no oauth_token and oauth_token_secret. Check its status and the Login Audit Trail.',
    )
  return { token, tokenSecret }
}

function tokenTemplate(
  endpoint: string,
  integration: TbaIntegration,
  options: Partial<OAuth1Options>,
): RequestTemplate {
  const { accountId, consumerKey, consumerSecret } = integration
  const realm = realmOf(accountId)
  return {
    name: endpoint,
    method: 'POST',
    url: `${restlets(accountId)}/rest/${endpoint}`,
    preRequest: [oauth1({ consumerKey, consumerSecret, realm, signatureMethod: 'HMAC-SHA256', ...options })],
  }
}
