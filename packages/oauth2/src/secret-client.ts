import { EzError, type OptionRule, type Secret, type SignContext } from '@ez/core'
import type { ClientAuth } from 'oauth4webapi'
import { type PrivateKey, signAssertion } from './assertion.ts'
import { byAssertion, bySecret, type SecretPlacement } from './client-authentication.ts'
import { type CommonTokenOptions, checkEndpoint, checkTokenOptions } from './options.ts'
import {
  checkOddServer,
  type OddServer,
  oddServerOf,
  oddServerRules,
  oddServerSchema,
} from './token/odd-server.ts'
import type { TokenRequest } from './token/token-request.ts'

/** Options of the grants that a client asks for by its secret or private key, at any endpoint. */
export interface SecretClientOptions extends CommonTokenOptions, OddServer {
  /** URL of the token endpoint. */
  readonly tokenEndpoint: string
  readonly clientId: string
  /** Left out for a public client, and with `private_key_jwt`. */
  readonly clientSecret?: string | Secret
  /** How the client says who it is (default `basic`; `private_key_jwt` with a private key). */
  readonly authentication?: SecretPlacement
  /** For `private_key_jwt`: PEM (PKCS #8, PKCS #1, SEC 1) or JWK; each request has an assertion of its own. */
  readonly privateKey?: PrivateKey
  /** For `private_key_jwt`: `kid` of the assertion. */
  readonly keyId?: string
  /** For `private_key_jwt`: `RS256` (default), `PS256`, `ES256`, `EdDSA`, … */
  readonly algorithm?: string
  /** For `private_key_jwt`: `aud` of the assertion (default: the token endpoint). */
  readonly assertionAudience?: string
  /** Scopes, with spaces between. */
  readonly scope?: string
}

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; `rules` are for what the grant has besides */
export function checkSecretClient(
  id: string,
  options: SecretClientOptions,
  rules: Readonly<Record<string, OptionRule>>,
): void {
  checkClient(id, options, { tokenEndpoint: 'string', ...rules })
  checkEndpoint(id, 'tokenEndpoint', options.tokenEndpoint)
}

/** The same for clients whose token endpoint may be discovered. */
export function checkClient(
  id: string,
  options: Omit<SecretClientOptions, 'tokenEndpoint'>,
  rules: Readonly<Record<string, OptionRule>>,
): void {
  checkTokenOptions(id, options, {
    clientId: 'string',
    clientSecret: 'secret?',
    authentication: "'basic'|'basic-unencoded'|'post'|'private_key_jwt'?",
    privateKey: 'secret?',
    keyId: 'string?',
    algorithm: 'string?',
    assertionAudience: 'string?',
    scope: 'string?',
    ...oddServerRules,
    ...rules,
  })
  checkOddServer(id, options)
  const byKey = options.authentication === 'private_key_jwt'
  if (byKey !== (options.privateKey !== undefined))
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: privateKey belongs to authentication: private_key_jwt; give both or neither.`,
    )
  if (byKey && options.clientSecret !== undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: give clientSecret, or privateKey with authentication: private_key_jwt, not both.`,
    )
}

const assertionSeconds = 60

/** How a client says who it is in one request. @throws EZ_CREDENTIAL_INVALID */
export async function clientAuthentication(
  id: string,
  given: Omit<SecretClientOptions, 'tokenEndpoint'>,
  tokenEndpoint: string,
  context: Pick<SignContext, 'now' | 'nonce'>,
): Promise<ClientAuth> {
  const { clientId, clientSecret, authentication = 'basic', privateKey, keyId, algorithm = 'RS256' } = given
  if (authentication !== 'private_key_jwt') return bySecret(clientSecret, authentication)
  const assertion = await signAssertion(
    id,
    privateKey as PrivateKey,
    { alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) },
    // Good once: a server refuses a `jti` that it has seen (RFC 7523 section 3), also after a retry of this attempt.
    {
      iss: clientId,
      sub: clientId,
      aud: given.assertionAudience ?? tokenEndpoint,
      jti: `${context.nonce()}-${crypto.randomUUID()}`,
    },
    assertionSeconds,
    context,
  )
  return byAssertion(assertion, clientId)
}

/** The token request of such a client, with the parameters of its grant. @throws EZ_CREDENTIAL_INVALID */
export async function secretClientRequest(
  id: string,
  grant: string,
  given: SecretClientOptions,
  parameters: Readonly<Record<string, string>>,
  context: Pick<SignContext, 'now' | 'nonce'>,
): Promise<TokenRequest> {
  const { tokenEndpoint, clientId, scope } = given
  return {
    grant,
    endpoint: tokenEndpoint,
    clientId,
    authenticate: await clientAuthentication(id, given, tokenEndpoint, context),
    parameters: { ...parameters, ...(scope === undefined ? {} : { scope }) },
    odd: oddServerOf(given),
  }
}

/** Of a JSON Schema, the options of {@link SecretClientOptions}. */
export const secretClientSchema: Readonly<Record<string, object>> = {
  tokenEndpoint: { type: 'string', format: 'uri' },
  clientId: { type: 'string' },
  clientSecret: { type: 'string' },
  authentication: { enum: ['basic', 'basic-unencoded', 'post', 'private_key_jwt'], default: 'basic' },
  privateKey: { type: 'string', description: 'For private_key_jwt: PEM or JWK' },
  keyId: { type: 'string', description: 'For private_key_jwt: kid' },
  algorithm: { type: 'string', description: 'For private_key_jwt: RS256, ES256, …' },
  assertionAudience: { type: 'string', description: 'For private_key_jwt: default the token endpoint' },
  scope: { type: 'string' },
  ...oddServerSchema,
}
