import { EzError, type PreRequestScript, type Provider, type ProviderHost } from '@ez/core'
import { type PrivateKey, signAssertion } from './assertion.ts'
import { unauthenticated } from './client-authentication.ts'
import {
  type CommonTokenOptions,
  checkEndpoint,
  checkTokenOptions,
  tokenProvider,
  type WithCredentials,
} from './options.ts'
import type { Identity } from './token/identity.ts'
import type { TokenRequest } from './token/token-request.ts'
import { tokenScript } from './token/token-script.ts'

const id = 'jwt-bearer'
const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Options of {@link jwtBearer}. */
export interface JwtBearerOptions extends CommonTokenOptions {
  /** URL of the token endpoint. */
  readonly tokenEndpoint: string
  /** `iss` of the assertion. */
  readonly issuer: string
  /** `sub` of the assertion, when it speaks for somebody. */
  readonly subject?: string
  /** `aud` of the assertion (default: the token endpoint). */
  readonly audience?: string
  /** In PEM (PKCS #8, PKCS #1, SEC 1), or a JWK as JSON. */
  readonly privateKey: PrivateKey
  /** `RS256` (default), `PS256`, `ES256`, `EdDSA`, … */
  readonly algorithm?: string
  /** `kid` of the assertion. */
  readonly keyId?: string
  /** Scopes, with spaces between: in the assertion and in the request. */
  readonly scope?: string
  /** Seconds that the assertion is valid (default 300). */
  readonly lifetimeSeconds?: number
}

/**
 * A token by the JWT bearer grant: an assertion signed with a private key is exchanged for a token.
 *
 * Source: RFC 7523 sections 2.1 and 3.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_CREDENTIAL_INVALID, EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import type { Secret } from '@ez/core'
 * import { jwtBearer } from '@ez/oauth2/jwt-bearer'
 *
 * const tokens = (privateKey: Secret) =>
 *   jwtBearer({ tokenEndpoint: 'https://auth.example.com/token', issuer: 'my-client', subject: 'a-user', privateKey })
 * ```
 */
export function jwtBearer(options: WithCredentials<JwtBearerOptions>, host?: ProviderHost): PreRequestScript {
  return tokenScript<JwtBearerOptions>(
    {
      id,
      check(given) {
        checkTokenOptions(id, given, {
          tokenEndpoint: 'string',
          issuer: 'string',
          subject: 'string?',
          audience: 'string?',
          privateKey: 'secret',
          algorithm: 'string?',
          keyId: 'string?',
          scope: 'string?',
          lifetimeSeconds: 'number?',
        })
        checkEndpoint(id, 'tokenEndpoint', given.tokenEndpoint)
        if (given.lifetimeSeconds !== undefined && given.lifetimeSeconds < 1)
          throw new EzError('EZ_OPTION_INVALID', `${id}: option lifetimeSeconds must be 1 or more.`)
      },
      identify: (given) => jwtBearerIdentity(id, given),
    },
    options,
    host,
  )
}

/** How a vendor's JWT bearer grant differs. */
export interface JwtBearerVariant {
  /** More claims of the assertion. */
  readonly claims?: Readonly<Record<string, string>>
  /** Reads the answer of a vendor that departs from RFC 6749. */
  readonly process?: NonNullable<TokenRequest['process']>
}

/** What the JWT bearer grant of these options asks for. */
export function jwtBearerIdentity(
  owner: string,
  given: JwtBearerOptions,
  { claims, process }: JwtBearerVariant = {},
): Identity {
  const { tokenEndpoint, issuer, subject, audience = tokenEndpoint, privateKey, keyId, scope } = given
  const { algorithm = 'RS256', lifetimeSeconds = 300 } = given
  return {
    distinguishing: [
      tokenEndpoint,
      issuer,
      subject,
      audience,
      keyId,
      scope,
      privateKey,
      ...(claims ? [JSON.stringify(claims)] : []),
    ],
    secrets: [privateKey],
    scope,
    async request(context) {
      const assertion = await signAssertion(
        owner,
        privateKey,
        { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) },
        {
          iss: issuer,
          aud: audience,
          jti: context.nonce(),
          ...(subject === undefined ? {} : { sub: subject }),
          ...(scope === undefined ? {} : { scope }),
          ...claims,
        },
        lifetimeSeconds,
        context,
      )
      return {
        grant,
        endpoint: tokenEndpoint,
        clientId: issuer,
        authenticate: unauthenticated,
        parameters: { assertion, ...(scope === undefined ? {} : { scope }) },
        ...(process && { process }),
      }
    },
  }
}

/** `use: '@ez/oauth2/jwt-bearer'` in a request file. */
export const provider: Provider<JwtBearerOptions> = tokenProvider(
  id,
  jwtBearer,
  ['tokenEndpoint', 'issuer', 'privateKey'],
  {
    tokenEndpoint: { type: 'string', format: 'uri' },
    issuer: { type: 'string' },
    subject: { type: 'string' },
    audience: { type: 'string' },
    privateKey: { type: 'string', description: 'PEM, or a JWK as JSON' },
    algorithm: { type: 'string', default: 'RS256' },
    keyId: { type: 'string' },
    scope: { type: 'string' },
    lifetimeSeconds: { type: 'integer', minimum: 1, default: 300 },
  },
)
