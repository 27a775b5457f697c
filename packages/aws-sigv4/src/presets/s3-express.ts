import { EzError, signRequest } from '@ez/core'
import { cachedCredentials } from '../credentials/cached-credentials.ts'
import type { AwsCredentials, CredentialSource } from '../credentials/credentials.ts'
import { readRefusal } from '../diagnose/refusal-body.ts'
import { s3 } from './s3.ts'

/** Options of {@link s3ExpressSession}. */
export interface S3ExpressSessionOptions {
  /** Of IAM; they need the permission `s3express:CreateSession`. */
  readonly credentials: CredentialSource
  /** Region of the bucket, such as `us-east-1`. */
  readonly region: string
  /** A directory bucket, whose name ends in `--x-s3`. */
  readonly bucket: string
  /** What the session may do (default: what the permission says). */
  readonly mode?: 'ReadOnly' | 'ReadWrite'
  /** What the session is asked for with (default: the platform's). */
  readonly fetch?: typeof fetch
}

// A session holds for five minutes.
const refreshBeforeSeconds = 60

/**
 * Credentials of a session with a directory bucket of S3 Express, asked for with `CreateSession` and kept until
 * shortly before they end; concurrent requests share one.
 *
 * The signer that takes them needs `sessionTokenName: 'x-amz-s3session-token'`.
 *
 * Source: Amazon S3 API Reference, "CreateSession".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing EZ_TOKEN_REFUSED,
 * EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TIMEOUT
 *
 * @example
 * ```ts
 * import { s3, s3ExpressSession } from '@ez/aws-sigv4'
 *
 * const bucket = { region: 'us-west-2', bucket: 'my-bucket--usw2-az1--x-s3' }
 * const credentials = s3ExpressSession({
 *   ...bucket,
 *   credentials: {
 *     accessKeyId: 'AKIDEXAMPLE',
 *     secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
 *   },
 * })
 * const { signer } = s3({ ...bucket, credentials, sessionTokenName: 'x-amz-s3session-token' })
 * ```
 */
export function s3ExpressSession(options: S3ExpressSessionOptions): CredentialSource {
  const { mode, fetch: send, ...place } = options ?? ({} as S3ExpressSessionOptions)
  const { signer, service, url } = s3(place)
  if (service !== 's3express')
    throw invalid('option bucket must be a directory bucket, named …--<zone>--x-s3.')
  if (mode !== undefined && mode !== 'ReadOnly' && mode !== 'ReadWrite')
    throw invalid("option mode must be 'ReadOnly' or 'ReadWrite'.")
  if (send !== undefined && typeof send !== 'function') throw invalid('option fetch must be a function.')
  const headers = mode === undefined ? {} : { 'x-amz-create-session-mode': mode }
  return cachedCredentials(
    async ({ now, signal }) => {
      const request = { method: 'GET', url: `${url}/?session`, headers }
      const prepared = await signRequest(request, [signer], { clock: now, ...(signal ? { signal } : {}) })
      const response = await (send ?? fetch)(prepared.toRequest(), signal ? { signal } : {}).catch(
        (cause) => {
          throw new EzError(
            'EZ_TOKEN_UNREACHABLE',
            's3-express: S3 gave no answer. Check network and region.',
            {
              cause,
            },
          )
        },
      )
      const text = await response.text()
      if (response.status === 200) return credentialsOf(text)
      const code = readRefusal({
        status: response.status,
        headers: [],
        body: new TextEncoder().encode(text),
      })?.code
      throw new EzError(
        'EZ_TOKEN_REFUSED',
        `s3-express: S3 gave no session and answered ${response.status}${code ? ` (${code})` : ''}. Check the credentials, their permission s3express:CreateSession, region and bucket.`,
      )
    },
    { refreshBeforeSeconds },
  )
}

function credentialsOf(xml: string): AwsCredentials {
  const field = (name: string): string => new RegExp(`<${name}>([^<&]+)</${name}>`).exec(xml)?.[1] ?? ''
  const expiration = new Date(field('Expiration'))
  const [accessKeyId, secretAccessKey, sessionToken] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(
    field,
  )
  if (accessKeyId && secretAccessKey && sessionToken && !Number.isNaN(expiration.getTime()))
    return { accessKeyId, secretAccessKey, sessionToken, expiration }
  throw new EzError(
    'EZ_TOKEN_RESPONSE_INVALID',
    's3-express: the answer to CreateSession holds no credentials. Check that it comes from S3.',
  )
}

function invalid(message: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `s3-express: ${message}`)
}
