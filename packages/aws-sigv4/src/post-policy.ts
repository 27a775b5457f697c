import { checkOptions, EzError, type SignContext } from '@ez/core'
import { toBase64, utf8 } from '@ez/core/crypto'
import { type AwsCredentials, identityOf } from './credentials.ts'
import { createSignature, deriveSigningKey } from './signature.ts'
import { algorithm, createSigningScope } from './string-to-sign.ts'

/** A condition of a POST policy, as S3 writes it. */
export type PostCondition =
  | Readonly<Record<string, string>>
  | readonly ['eq' | 'starts-with', string, string]
  | readonly ['content-length-range', number, number]

/** Options of {@link s3PostPolicy}. */
export interface S3PostPolicyOptions {
  readonly credentials: AwsCredentials
  readonly region: string
  readonly bucket: string
  /** The object's key; one that ends with `${filename}` takes any name with the prefix before it. */
  readonly key: string
  /** Form fields that must have these values, such as `acl` or `Content-Type`. */
  readonly fields?: Readonly<Record<string, string>>
  /** Further conditions, for fields that the browser chooses. */
  readonly conditions?: readonly PostCondition[]
  /** Seconds that the form holds, at most a week (default 900). */
  readonly expiresIn?: number
}

/** What a form needs; the file comes as its last field, `file`. */
export interface S3PostForm {
  readonly fields: Readonly<Record<string, string>>
  /** The policy as it was signed, for people to read. */
  readonly policy: string
}

/**
 * The fields of an HTML form with which a browser uploads to S3 without further credentials.
 *
 * Source: Amazon S3 API Reference, "Creating a POST policy".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING
 *
 * @example
 * ```ts
 * import { s3PostPolicy } from '@ez/aws-sigv4'
 *
 * const { fields } = s3PostPolicy(
 *   {
 *     bucket: 'examplebucket',
 *     region: 'us-east-1',
 *     key: 'user/eric/${filename}',
 *     conditions: [['content-length-range', 0, 1_000_000]],
 *     credentials: {
 *       accessKeyId: 'AKIDEXAMPLE',
 *       secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
 *     },
 *   },
 *   { now: () => new Date() },
 * )
 * ```
 */
export function s3PostPolicy(options: S3PostPolicyOptions, context: Pick<SignContext, 'now'>): S3PostForm {
  checkOptions('s3-post-policy', options, {
    credentials: 'object',
    region: 'string',
    bucket: 'string',
    key: 'string',
    fields: 'object?',
    conditions: 'array?',
    expiresIn: 'number?',
  })
  const { bucket, key, region, fields = {}, conditions = [], expiresIn = 900 } = options
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > 604_800)
    throw new EzError(
      'EZ_OPTION_INVALID',
      's3-post-policy: option expiresIn must be a whole number of seconds from 1 to 604800.',
    )
  const identity = identityOf(options.credentials)
  const now = context.now()
  const scope = createSigningScope(now, region, 's3')
  const signed: Record<string, string> = {
    ...fields,
    'x-amz-algorithm': algorithm,
    'x-amz-credential': `${identity.accessKeyId}/${scope.text}`,
    'x-amz-date': scope.amzDate,
    ...(identity.sessionToken === undefined ? {} : { 'x-amz-security-token': identity.sessionToken }),
  }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: S3 puts the file's name here
  const anyName = '${filename}'
  const policy = JSON.stringify({
    expiration: new Date(now.getTime() + expiresIn * 1000).toISOString(),
    conditions: [
      { bucket },
      key.endsWith(anyName) ? ['starts-with', '$key', key.slice(0, -anyName.length)] : { key },
      ...Object.entries(signed).map(([name, value]) => ({ [name]: value })),
      ...conditions,
    ],
  })
  const encoded = signS3PostPolicy(policy, deriveSigningKey(identity.secretAccessKey, scope))
  return {
    fields: { key, ...signed, policy: encoded.policy, 'x-amz-signature': encoded.signature },
    policy,
  }
}

/**
 * Encodes and signs a POST policy that is written already.
 *
 * @example
 * ```ts
 * import { createSigningScope, deriveSigningKey, signS3PostPolicy } from '@ez/aws-sigv4'
 *
 * const scope = createSigningScope(new Date('2015-12-29T00:00:00Z'), 'us-east-1', 's3')
 * const key = deriveSigningKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', scope)
 * const { policy, signature } = signS3PostPolicy('{ "expiration": … }', key)
 * ```
 */
export function signS3PostPolicy(
  policy: string,
  signingKey: Uint8Array,
): { readonly policy: string; readonly signature: string } {
  const encoded = toBase64(utf8(policy))
  return { policy: encoded, signature: createSignature(signingKey, encoded) }
}
