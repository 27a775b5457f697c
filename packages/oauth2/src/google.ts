import {
  EzError,
  type PreRequestScript,
  type Provider,
  type ProviderHost,
  reveal,
  type Secret,
} from '@ez/core'
import { decodeJwt } from 'jose'
import type { TokenEndpointResponse } from 'oauth4webapi'
import { type JwtBearerOptions, jwtBearerIdentity } from './jwt-bearer.ts'
import {
  type CommonTokenOptions,
  checkEndpoint,
  checkTokenOptions,
  tokenProvider,
  type WithCredentials,
} from './options.ts'
import { tokenScript } from './token/token-script.ts'

const id = 'google'
const tokenEndpoint = 'https://oauth2.googleapis.com/token'

/** Options of {@link googleServiceAccount}. */
export interface GoogleServiceAccountOptions extends CommonTokenOptions {
  /** The key file of the service account, as JSON text. */
  readonly serviceAccount: string | Secret
  /** Scopes, with spaces between; for an access token. */
  readonly scope?: string
  /** In place of `scope`: whom an ID token is for, such as the URL of a Cloud Run service, or the client ID of IAP. */
  readonly targetAudience?: string
  /** The user to act for, with domain-wide delegation. */
  readonly subject?: string
}

interface KeyFile {
  readonly client_email: string
  readonly private_key: string
  readonly private_key_id?: string
  readonly token_uri?: string
}

/**
 * A Google access token of a service account: the JWT bearer grant with what its key file holds.
 *
 * Source: Google Identity, "Using OAuth 2.0 for Server to Server Applications".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CREDENTIAL_INVALID when it is created
 * @throws EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import type { Secret } from '@ez/core'
 * import { googleServiceAccount } from '@ez/oauth2/google'
 *
 * const tokens = (serviceAccount: Secret) =>
 *   googleServiceAccount({ serviceAccount, scope: 'https://www.googleapis.com/auth/devstorage.read_only' })
 * ```
 */
export function googleServiceAccount(
  options: WithCredentials<GoogleServiceAccountOptions>,
  host?: ProviderHost,
): PreRequestScript {
  return tokenScript<GoogleServiceAccountOptions>(
    {
      id,
      check(given) {
        checkTokenOptions(id, given, {
          serviceAccount: 'secret',
          scope: 'string?',
          targetAudience: 'string?',
          subject: 'string?',
        })
        if ((given.scope === undefined) === (given.targetAudience === undefined))
          throw new EzError(
            'EZ_OPTION_INVALID',
            `${id}: give scope for an access token, or targetAudience for an ID token.`,
          )
        checkEndpoint(
          id,
          'serviceAccount.token_uri',
          keyFileOf(given.serviceAccount).token_uri ?? tokenEndpoint,
        )
      },
      identify({ serviceAccount, scope, subject, targetAudience }) {
        const file = keyFileOf(serviceAccount)
        const options: JwtBearerOptions = {
          tokenEndpoint: file.token_uri ?? tokenEndpoint,
          issuer: file.client_email,
          privateKey: file.private_key,
          ...(scope === undefined ? {} : { scope }),
          lifetimeSeconds: 3600,
          ...(file.private_key_id === undefined ? {} : { keyId: file.private_key_id }),
          ...(subject === undefined ? {} : { subject }),
        }
        const identity =
          targetAudience === undefined
            ? jwtBearerIdentity(id, options)
            : jwtBearerIdentity(id, options, {
                claims: { target_audience: targetAudience },
                process: (_server, _client, response) => idTokenOf(response),
              })
        return { ...identity, secrets: [serviceAccount, file.private_key] }
      },
    },
    options,
    host,
  )
}

/** The ID token of an answer, in place of an access token. It is for its audience to verify, not for us. */
async function idTokenOf(response: Response): Promise<TokenEndpointResponse> {
  const { id_token: token } = (await response.json()) as { id_token?: unknown }
  if (!response.ok || typeof token !== 'string') throw new Error('no ID token')
  const { exp } = decodeJwt(token)
  const seconds = exp === undefined ? undefined : exp - Math.floor(Date.now() / 1000)
  return {
    access_token: token,
    token_type: 'bearer',
    ...(seconds !== undefined && { expires_in: Math.max(0, seconds) }),
  }
}

function keyFileOf(serviceAccount: string | Secret): KeyFile {
  try {
    const file = JSON.parse(reveal(serviceAccount)) as Partial<KeyFile>
    if (typeof file.client_email === 'string' && typeof file.private_key === 'string') return file as KeyFile
  } catch {}
  throw new EzError(
    'EZ_CREDENTIAL_INVALID',
    `${id}: serviceAccount must be the JSON text of a key file, with client_email and private_key.`,
  )
}

/** `use: '@ez/oauth2/google'` in a request file. */
export const provider: Provider<GoogleServiceAccountOptions> = tokenProvider(
  id,
  googleServiceAccount,
  ['serviceAccount'],
  {
    serviceAccount: { type: 'string', description: 'The key file, as JSON text' },
    scope: { type: 'string' },
    targetAudience: { type: 'string', description: 'For an ID token, in place of scope' },
    subject: { type: 'string' },
  },
)
