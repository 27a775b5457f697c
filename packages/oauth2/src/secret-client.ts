import type { OptionRule, Secret } from '@ez/core'
import { bySecret, type SecretPlacement } from './client-authentication.ts'
import { type CommonTokenOptions, checkEndpoint, checkTokenOptions } from './options.ts'
import type { TokenRequest } from './token-request.ts'

/** Options of the grants that a client asks for by its secret, at any endpoint. */
export interface SecretClientOptions extends CommonTokenOptions {
  /** URL of the token endpoint. */
  readonly tokenEndpoint: string
  readonly clientId: string
  /** Left out for a public client. */
  readonly clientSecret?: string | Secret
  /** Where the secret is sent (default `basic`). */
  readonly authentication?: SecretPlacement
  /** Scopes, with spaces between. */
  readonly scope?: string
}

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; `rules` are for what the grant has besides */
export function checkSecretClient(
  id: string,
  options: SecretClientOptions,
  rules: Readonly<Record<string, OptionRule>>,
): void {
  checkTokenOptions(id, options, {
    tokenEndpoint: 'string',
    clientId: 'string',
    clientSecret: 'secret?',
    authentication: "'basic'|'post'?",
    scope: 'string?',
    ...rules,
  })
  checkEndpoint(id, 'tokenEndpoint', options.tokenEndpoint)
}

/** The token request of such a client, with the parameters of its grant. */
export function secretClientRequest(
  grant: string,
  { tokenEndpoint, clientId, clientSecret, authentication = 'basic', scope }: SecretClientOptions,
  parameters: Readonly<Record<string, string>>,
): TokenRequest {
  return {
    grant,
    endpoint: tokenEndpoint,
    clientId,
    authenticate: bySecret(clientSecret, authentication),
    parameters: { ...parameters, ...(scope === undefined ? {} : { scope }) },
  }
}

/** Of a JSON Schema, the options of {@link SecretClientOptions}. */
export const secretClientSchema = {
  tokenEndpoint: { type: 'string', format: 'uri' },
  clientId: { type: 'string' },
  clientSecret: { type: 'string' },
  authentication: { enum: ['basic', 'post'], default: 'basic' },
  scope: { type: 'string' },
} as const
