import { checkOptions, EzError, type SignContext } from '@ez/core'
import { toBase64, utf8 } from '@ez/core/crypto'
import { type AwsCredentials, identityOf } from '../credentials/credentials.ts'
import { createSignature, deriveSigningKey } from '../signature.ts'
import { algorithm, createSigningScope } from '../string-to-sign.ts'

/** A condition of a POST policy, as S3 writes it. */
export type PostCondition =
  | Readonly<Record<string, string>>
  | readonly ['eq' | 'starts-with', string, string]
  | readonly ['content-length-range', number, number]

/** Options of {@link s3PostPolicy}. */
export interface S3PostPolicyOptions {
  /** They sign the policy; what the form may upload is what they may. */
  readonly credentials: AwsCredentials
  /** Region of the bucket, such as `eu-central-1`. */
  readonly region: string
  /** Name of the bucket. */
  readonly bucket: string
  /** The object's key; one that holds `${filename}` takes any key that starts with what stands before it. */
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
  /** Values of the form's hidden fields, by name: the policy, its signature and what it asks for. */
  readonly fields: Readonly<Record<string, string>>
  /** The policy as it was signed, for people to read. */
  readonly policy: string
}

/**
 * The fields of an HTML form with which a browser uploads to S3 without further credentials.
 *
 * Source: Amazon S3 API Reference, "Creating a POST policy".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CLOCK_INVALID
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
    throw invalid('option expiresIn must be a whole number of seconds from 1 to 604800.')
  if (/[^\w-]/.test(region)) throw invalid('option region must be letters, digits, "-" and "_" alone.')
  checkFields(fields)
  if (typeof context?.now !== 'function')
    throw invalid('the second argument must be { now }, the clock to sign by.')
  if (!conditions.every(isCondition))
    throw invalid(
      "each of conditions must be { name: 'value' }, ['eq' or 'starts-with', '$name', 'value'] or ['content-length-range', least, most].",
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
      key.includes(anyName) ? ['starts-with', '$key', key.slice(0, key.indexOf(anyName))] : { key },
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

const ownFields = /^(?:key|file|policy|x-amz-(?:algorithm|credential|date|security-token|signature))$/i

// S3 takes field names without case, so another spelling would be the same field twice.
function checkFields(fields: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(fields)) {
    if (ownFields.test(name)) throw invalid(`fields.${name} is written here, and cannot be given.`)
    if (typeof value !== 'string') throw invalid(`fields.${name} must be text, as a form holds it.`)
  }
}

function isCondition(condition: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return false
  if (!Array.isArray(condition)) {
    const values = Object.values(condition)
    return values.length === 1 && typeof values[0] === 'string'
  }
  const [operator, left, right] = condition as unknown[]
  if (condition.length !== 3) return false
  if (operator === 'content-length-range')
    return Number.isSafeInteger(left) && Number.isSafeInteger(right) && Number(left) <= Number(right)
  return (
    (operator === 'eq' || operator === 'starts-with') &&
    typeof left === 'string' &&
    left.startsWith('$') &&
    typeof right === 'string'
  )
}

function invalid(message: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `s3-post-policy: ${message}`)
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
