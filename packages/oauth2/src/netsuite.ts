import {
  type Diagnosis,
  EzError,
  type PreRequestScript,
  type Provider,
  type ProviderHost,
  type ResponseSnapshot,
} from '@ez/core'
import { type PrivateKey, signAssertion } from './assertion.ts'
import { byAssertion } from './client-authentication.ts'
import { type CommonTokenOptions, checkTokenOptions, tokenProvider, type WithCredentials } from './options.ts'
import { tokenScript } from './token/token-script.ts'

const id = 'netsuite-m2m'
const algorithms = ['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'] as const
const scopes = ['restlets', 'rest_webservices', 'suite_analytics'] as const

/** Options of {@link netsuiteM2M}. */
export interface NetSuiteM2MOptions extends CommonTokenOptions {
  /** Account ID, such as `1234567` or `1234567_SB1`. */
  readonly accountId: string
  /** The integration record's client ID. */
  readonly clientId: string
  /** Of the uploaded certificate, as NetSuite shows it. */
  readonly certificateId: string
  /** In PEM (PKCS #8, PKCS #1, SEC 1) or a JWK as JSON: RSA of 3072 or 4096 bits, or P-256, P-384, P-521. */
  readonly privateKey: PrivateKey
  /** Default `PS256`; NetSuite lists no `RS256`. */
  readonly algorithm?: (typeof algorithms)[number]
  /** Default `['rest_webservices']`. */
  readonly scope?: readonly (typeof scopes)[number][]
}

// NetSuite: less than 60 minutes after `iat`. The assertion is used once, at once.
const lifetimeSeconds = 300

/**
 * A NetSuite access token, machine to machine: the client credentials grant with a JWT assertion.
 *
 * Source: Oracle NetSuite Help, "OAuth 2.0 Client Credentials Flow" (POST request to the token endpoint).
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_CREDENTIAL_INVALID, EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import type { Secret } from '@ez/core'
 * import { netsuiteM2M } from '@ez/oauth2/netsuite'
 *
 * const tokens = (privateKey: Secret) =>
 *   netsuiteM2M({ accountId: '1234567_SB1', clientId: 'CLIENT_ID', certificateId: 'CERTIFICATE_ID', privateKey })
 * ```
 */
export function netsuiteM2M(
  options: WithCredentials<NetSuiteM2MOptions>,
  host?: ProviderHost,
): PreRequestScript {
  return tokenScript<NetSuiteM2MOptions>(
    {
      id,
      check,
      identify(given) {
        const { clientId, certificateId, privateKey, algorithm = 'PS256' } = given
        const endpoint = tokenEndpointOf(given.accountId)
        const scope = (given.scope ?? ['rest_webservices']).join(',')
        return {
          distinguishing: [endpoint, clientId, certificateId, scope],
          secrets: [privateKey],
          async request(context) {
            const assertion = await signAssertion(
              id,
              privateKey,
              { typ: 'JWT', alg: algorithm, kid: certificateId },
              { iss: clientId, scope, aud: endpoint },
              lifetimeSeconds,
              context,
            )
            return {
              grant: 'client_credentials',
              endpoint,
              clientId,
              authenticate: byAssertion(assertion),
              parameters: {},
            }
          },
        }
      },
      diagnose,
    },
    options,
    host,
  )
}

function check(options: NetSuiteM2MOptions): void {
  checkTokenOptions(id, options, {
    accountId: 'string',
    clientId: 'string',
    certificateId: 'string',
    privateKey: 'secret',
    algorithm: `${algorithms.map((name) => `'${name}'`).join('|')}?`,
    scope: 'array?',
  })
  if (!/^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)?$/.test(options.accountId))
    throw new EzError('EZ_OPTION_INVALID', `${id}: accountId must be like 1234567 or 1234567_SB1.`)
  if (options.scope && (options.scope.length === 0 || !options.scope.every((name) => scopes.includes(name))))
    throw new EzError('EZ_OPTION_INVALID', `${id}: scope must be a list of ${scopes.join(', ')}.`)
}

// The host writes the account in lower case with a hyphen; the realm has upper case and an underscore.
function tokenEndpointOf(accountId: string): string {
  const host = accountId.toLowerCase().replace('_', '-')
  return `https://${host}.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token`
}

function diagnose(response: ResponseSnapshot): Diagnosis | undefined {
  if (response.status !== 401) return undefined
  const challenge = headerOf(response, 'www-authenticate')
  if (/scope/i.test(challenge))
    return {
      cause: 'credential',
      message: `${id}: the token's scope does not cover this request. Ask for it with the option scope.`,
    }
  return {
    cause: 'token-expired',
    message: `${id}: NetSuite refused the access token (HTTP 401). The Login Audit Trail's Detail column names the cause.`,
  }
}

/** The header of a response, joined; `''` when there is none. */
function headerOf(response: ResponseSnapshot, name: string): string {
  return response.headers
    .filter(([known]) => known.toLowerCase() === name)
    .map(([, value]) => value)
    .join(', ')
}

/** `use: '@ez/oauth2/netsuite'` in a request file. */
export const provider: Provider<NetSuiteM2MOptions> = tokenProvider(
  id,
  netsuiteM2M,
  ['accountId', 'clientId', 'certificateId', 'privateKey'],
  {
    accountId: { type: 'string', description: 'Such as 1234567_SB1' },
    clientId: { type: 'string' },
    certificateId: { type: 'string' },
    privateKey: { type: 'string', description: 'PEM, or a JWK as JSON' },
    algorithm: { enum: algorithms, default: 'PS256' },
    scope: { type: 'array', items: { enum: scopes }, default: ['rest_webservices'] },
  },
)
