import { EzError, type OptionRule, reveal } from '@ez/core'
import { checkEndpoint } from '../options.ts'
import { checkClient, type SecretClientOptions, secretClientSchema } from '../secret-client.ts'

/** Options of the steps whose first token comes from a person: the server by its issuer, or by its endpoints. */
export interface LoginOptions extends Omit<SecretClientOptions, 'tokenEndpoint'> {
  /** Of the server; its endpoints are discovered (RFC 8414, OpenID Connect Discovery). */
  readonly issuer?: string
  /** URL of the token endpoint, of a server without discovery. */
  readonly tokenEndpoint?: string
  /** More parameters of the authorization request, such as `audience`, `resource` or `access_type`. */
  readonly extraParameters?: Readonly<Record<string, string>>
}

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
export function checkLogin(
  id: string,
  options: LoginOptions,
  endpoint: string,
  rules: Readonly<Record<string, OptionRule>>,
): void {
  checkClient(id, options, {
    issuer: 'string?',
    tokenEndpoint: 'string?',
    extraParameters: 'object?',
    [endpoint]: 'string?',
    ...rules,
  })
  const given = options as LoginOptions & Readonly<Record<string, string | undefined>>
  if (options.issuer === undefined && (options.tokenEndpoint === undefined || given[endpoint] === undefined))
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: give issuer, or ${endpoint} and tokenEndpoint for a server without discovery.`,
    )
  for (const name of ['issuer', 'tokenEndpoint', endpoint]) {
    const url = given[name]
    if (url !== undefined) checkEndpoint(id, name, url)
  }
  if (!Object.values(options.extraParameters ?? {}).every((value) => typeof value === 'string'))
    throw new EzError('EZ_OPTION_INVALID', `${id}: option extraParameters must hold strings.`)
}

/** What tells one login from another, without secrets. */
export function loginOf({ issuer, tokenEndpoint, clientId, scope = '' }: LoginOptions): string[] {
  const scopes = scope.split(' ').filter((name) => name !== '')
  return [issuer ?? (tokenEndpoint as string), reveal(clientId), scopes.sort().join(' ')]
}

const { tokenEndpoint: _, ...clientSchema } = secretClientSchema

/** Of a JSON Schema, the options of {@link LoginOptions}. */
export const loginSchema: Readonly<Record<string, object>> = {
  issuer: { type: 'string', format: 'uri', description: 'Endpoints are discovered from it' },
  tokenEndpoint: { type: 'string', format: 'uri', description: 'Of a server without discovery' },
  ...clientSchema,
  extraParameters: { type: 'object', additionalProperties: { type: 'string' } },
}
