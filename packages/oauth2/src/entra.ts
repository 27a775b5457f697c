import {
  EzError,
  type PreRequestScript,
  type Provider,
  type ProviderHost,
  type Secret,
  type SignContext,
  secret,
} from '@ez/core'
import { fromBase64, hash, sha256 } from '@ez/core/crypto'
import type { ClientAuth } from 'oauth4webapi'
import { type PrivateKey, signAssertion } from './assertion.ts'
import { byAssertion, bySecret } from './client-authentication.ts'
import {
  type CommonTokenOptions,
  checkEndpoint,
  checkTokenOptions,
  tokenProvider,
  type WithCredentials,
} from './options.ts'
import { tokenScript } from './token/token-script.ts'

const id = 'entra'

/** Options of {@link entra}: a client secret, or a certificate with its private key. */
export interface EntraOptions extends CommonTokenOptions {
  /** Directory (tenant) ID or domain. */
  readonly tenantId: string
  /** Application (client) ID. */
  readonly clientId: string
  /** Secret of the application; left out with a certificate. */
  readonly clientSecret?: string | Secret
  /** The registered certificate, in PEM. */
  readonly certificate?: string
  /** Of the certificate, in PEM (PKCS #8, PKCS #1), or a JWK as JSON. */
  readonly privateKey?: PrivateKey
  /** Such as `https://graph.microsoft.com/.default` (default with `cosmos`: `https://cosmos.azure.com/.default`). */
  readonly scope?: string
  /** Writes the token in the form of Azure Cosmos DB, with `x-ms-date` and `x-ms-version`. */
  readonly cosmos?: boolean
  /** Of a national cloud (default `https://login.microsoftonline.com`). */
  readonly authority?: string
}

/**
 * A Microsoft Entra token by the client credentials grant, by secret or certificate; also for Cosmos DB.
 *
 * Source: Microsoft identity platform, "OAuth 2.0 client credentials flow" and "Certificate credentials";
 * Azure Cosmos DB REST API, "Access control".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_CREDENTIAL_INVALID, EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import { secret } from '@ez/core'
 * import { entra } from '@ez/oauth2/entra'
 *
 * const token = entra({
 *   tenantId: 'contoso.example',
 *   clientId: '00000000-0000-0000-0000-000000000000',
 *   clientSecret: secret('example-secret'),
 *   cosmos: true,
 * })
 * ```
 */
export function entra(options: WithCredentials<EntraOptions>, host?: ProviderHost): PreRequestScript {
  return tokenScript<EntraOptions>(
    {
      id,
      check,
      identify(given) {
        const { tenantId, clientId, clientSecret, certificate, privateKey, cosmos } = given
        const { authority = 'https://login.microsoftonline.com' } = given
        const endpoint = `${authority.replace(/\/+$/, '')}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`
        const scope = given.scope ?? (cosmos ? 'https://cosmos.azure.com/.default' : '')
        return {
          distinguishing: [endpoint, clientId, clientSecret, certificate, scope],
          secrets: [clientSecret, privateKey],
          request: async (context) => ({
            grant: 'client_credentials',
            endpoint,
            clientId,
            authenticate: await authentication(given, endpoint, context),
            parameters: { scope },
          }),
        }
      },
      write(token, { cosmos }, request, context) {
        if (cosmos !== true) return false
        request.headers.set(
          'authorization',
          secret(encodeURIComponent(`type=aad&ver=1.0&sig=${token.accessToken}`)),
        )
        request.headers.set('x-ms-date', context.now().toUTCString())
        if (request.headers.get('x-ms-version') === null) request.headers.set('x-ms-version', '2020-07-15')
        return true
      },
    },
    options,
    host,
  )
}

async function authentication(
  given: EntraOptions,
  audience: string,
  context: SignContext,
): Promise<ClientAuth> {
  const { clientId, clientSecret, certificate, privateKey } = given
  if (certificate === undefined || privateKey === undefined) return bySecret(clientSecret, 'post')
  const header = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint(certificate) }
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: context.nonce(),
    nbf: Math.floor(context.now().getTime() / 1000),
  }
  return byAssertion(await signAssertion(id, privateKey, header, claims, 300, context), clientId)
}

/** SHA-256 of the certificate's DER form, in base64url. */
function thumbprint(certificate: string): string {
  return hash(sha256, derOf(certificate), 'base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** @throws EZ_OPTION_INVALID */
function derOf(certificate: string): Uint8Array {
  const body = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/.exec(
    certificate.replaceAll('\\n', '\n'),
  )?.[1]
  const der = body && fromBase64(body.replace(/\s/g, ''))
  if (!der) throw new EzError('EZ_OPTION_INVALID', `${id}: certificate must be in PEM ("BEGIN CERTIFICATE").`)
  return der
}

function check(options: EntraOptions): void {
  const byCertificate = options?.certificate !== undefined || options?.privateKey !== undefined
  checkTokenOptions(id, options, {
    tenantId: 'string',
    clientId: 'string',
    clientSecret: byCertificate ? 'secret?' : 'secret',
    certificate: byCertificate ? 'string' : 'string?',
    privateKey: byCertificate ? 'secret' : 'secret?',
    scope: options?.cosmos === true ? 'string?' : 'string',
    cosmos: 'boolean?',
    authority: 'string?',
  })
  if (byCertificate && options.clientSecret !== undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: give a clientSecret, or a certificate with its privateKey.`,
    )
  if (options.certificate !== undefined) derOf(options.certificate)
  if (options.authority !== undefined) checkEndpoint(id, 'authority', options.authority)
}

/** `use: '@ez/oauth2/entra'` in a request file. */
export const provider: Provider<EntraOptions> = tokenProvider(id, entra, ['tenantId', 'clientId'], {
  tenantId: { type: 'string' },
  clientId: { type: 'string' },
  clientSecret: { type: 'string' },
  certificate: { type: 'string', description: 'PEM' },
  privateKey: { type: 'string', description: 'PEM, or a JWK as JSON' },
  scope: { type: 'string' },
  cosmos: { type: 'boolean', default: false },
  authority: { type: 'string', format: 'uri' },
})
