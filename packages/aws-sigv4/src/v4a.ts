import { EzError, type Provider, type Signer } from '@ez/core'
import { createSigner } from './create-signer.ts'
import type { Identity } from './credentials/credentials.ts'
import { diagnoseAwsSigV4 } from './diagnose.ts'
import type { AwsSigV4Options } from './options.ts'
import { presignWith } from './presign.ts'
import { provider as version4 } from './provider.ts'
import type { Scheme } from './scheme.ts'
import { createScopeClock } from './scope-clock.ts'
import { resolvePresignOptions } from './upload-options.ts'
import { createEcdsaSigner, type EcdsaSigner } from './v4a/ecdsa.ts'
import { deriveSigV4aKey } from './v4a/key.ts'

export { deriveSigV4aKey } from './v4a/key.ts'

/** Options of {@link awsSigV4a}: those of version 4, with a set of regions in place of one. */
export interface AwsSigV4aOptions
  extends Omit<AwsSigV4Options, 'region' | 'payload' | 'chunkSize' | 'checksum' | 'sessionTokenName'> {
  /** Regions that the signature holds for, such as `*`, `us-*` or `['us-east-1', 'eu-west-1']`. */
  readonly regionSet: string | readonly string[]
  /** How the body is signed: by its hash (default), or not at all. */
  readonly payload?: 'hash' | 'unsigned'
}

const id = 'aws-sigv4a'
const capacity = 64

/**
 * A signer for AWS Signature Version 4A (`AWS4-ECDSA-P256-SHA256`), whose signatures hold in several regions.
 *
 * S3 multi-Region access points, EventBridge global endpoints and CloudFront KeyValueStore ask for it. It writes
 * what version 4 writes and `x-amz-region-set`. The signature is random; canonical request and string to sign are
 * not. On Node it signs synchronously.
 *
 * Source: AWS IAM User Guide, "AWS Signature Version 4 for API requests"; github.com/awslabs/aws-c-auth.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE,
 * EZ_URL_NOT_SENDABLE, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { awsSigV4a } from '@ez/aws-sigv4/v4a'
 *
 * const signer = awsSigV4a({
 *   service: 's3',
 *   regionSet: '*',
 *   credentials: {
 *     accessKeyId: 'AKIDEXAMPLE',
 *     secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
 *   },
 * })
 * ```
 */
export function awsSigV4a(options: AwsSigV4aOptions): Signer {
  const { regionSet, ...rest } = options ?? ({} as AwsSigV4aOptions)
  if ('region' in rest) throw invalid('there is no option "region". Set regionSet.')
  const settings = resolvePresignOptions(id, { ...rest, region: '*' })
  const scheme = ecdsaScheme(settings.service, regionText(regionSet))
  return createSigner(id, settings, scheme, {
    ...(settings.placement === 'query' ? { presign: presignWith(settings, scheme) } : {}),
    diagnose: diagnoseAwsSigV4,
  })
}

function regionText(regionSet: unknown): string {
  const regions = Array.isArray(regionSet) ? regionSet : [regionSet]
  if (regions.length > 0 && regions.every((one) => typeof one === 'string' && /^[A-Za-z0-9*,-]+$/.test(one)))
    return regions.join(',')
  throw invalid('option regionSet must be a region, a pattern such as "us-*", or an array of them.')
}

function ecdsaScheme(service: string, regionSet: string): Scheme {
  const signers = new Map<string, EcdsaSigner>()
  const signerOf = (identity: Identity): EcdsaSigner => {
    const name = `${identity.accessKeyId}/${identity.secretDigest}`
    const known = signers.get(name)
    if (known) return known
    if (signers.size >= capacity) signers.delete(signers.keys().next().value as string)
    const made = createEcdsaSigner(deriveSigV4aKey(identity.accessKeyId, identity.secretAccessKey))
    signers.set(name, made)
    return made
  }
  return {
    algorithm: 'AWS4-ECDSA-P256-SHA256',
    regionSet,
    scopeAt: createScopeClock(service),
    sign: (identity, _scope, stringToSign) => signerOf(identity)(stringToSign),
  }
}

function invalid(message: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `${id}: ${message}`)
}

const {
  region: _region,
  chunkSize: _chunkSize,
  checksum: _checksum,
  sessionTokenName: _sessionTokenName,
  ...shared
} = (version4.options as { properties: Record<string, object> }).properties

/** What `use: '@ez/aws-sigv4/v4a'` in a request file loads. */
export const provider: Provider<AwsSigV4aOptions> = {
  id,
  options: {
    ...version4.options,
    required: ['service', 'regionSet', 'credentials'],
    properties: {
      ...shared,
      regionSet: {
        description: 'Regions that the signature holds for, such as * or us-east-1',
        oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      },
      payload: { enum: ['hash', 'unsigned'] },
    },
  },
  create: awsSigV4a,
}
