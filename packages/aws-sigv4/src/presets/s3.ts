import { checkOptions, EzError } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import type { AwsSigV4Options } from '../options.ts'
import { awsSigV4 } from '../signer.ts'
import type { ServicePreset } from './sp-api.ts'

/** Options of {@link s3}: those of the signer, with bucket and endpoint. */
export interface S3Options extends Omit<AwsSigV4Options, 'service'> {
  /** A name that ends in `--x-s3` is one of S3 Express: at the endpoint of its zone, for the service `s3express`. */
  readonly bucket?: string
  /**
   * Scheme, host and port of another store that speaks S3: MinIO `http://127.0.0.1:9000`, R2
   * `https://<account>.r2.cloudflarestorage.com` (region `auto`), B2
   * `https://s3.<region>.backblazeb2.com`, Ceph. Default: Amazon S3 in the region.
   */
  readonly endpoint?: string
  /** Bucket in the path instead of the host name (default: for other stores, and for names that hold a dot). */
  readonly pathStyle?: boolean
}

/** Where a bucket is and how it is signed for. */
export interface S3Preset extends ServicePreset {
  /** The bucket's URL, or the endpoint's without a bucket; without a slash at the end. */
  readonly url: string
  /**
   * The URL of an object; the key is plain text, not encoded.
   *
   * @throws EZ_OPTION_INVALID for an empty key, and without bucket and endpoint: the URL would be a bucket's
   */
  objectUrl(key: string): string
}

// Amazon S3 User Guide, "General purpose bucket naming rules".
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
// The same, "Directory bucket naming rules": base name, zone, suffix; of access points the suffix is another.
const directoryBucket = /--([a-z0-9-]+)--xa?-s3$/
// AWS Partitions: everywhere else it is amazonaws.com.
const domains: readonly (readonly [prefix: string, domain: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['us-isof-', 'csp.hci.ic.gov'],
]

/**
 * Endpoint, URL and signer of Amazon S3 or of another store that speaks its protocol.
 *
 * Source: Amazon S3 User Guide, "Virtual hosting of general purpose buckets" and "Directory buckets".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING
 *
 * @example
 * ```ts
 * import { s3 } from '@ez/aws-sigv4'
 *
 * const { objectUrl, signer } = s3({
 *   region: 'us-east-1',
 *   bucket: 'examplebucket',
 *   credentials: {
 *     accessKeyId: 'AKIDEXAMPLE',
 *     secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
 *   },
 * })
 * const request = { method: 'GET', url: objectUrl('reports/2026 ü.csv'), preRequest: [signer] }
 * ```
 */
export function s3(options: S3Options): S3Preset {
  const { bucket, endpoint: given, pathStyle, ...rest } = options ?? ({} as S3Options)
  checkOptions('s3', { bucket, endpoint: given, pathStyle }, presetRules)
  if (bucket !== undefined && !bucketName.test(bucket))
    throw invalid('option bucket must be 3 to 63 lower-case letters, digits, dots and hyphens.')
  const zone = given === undefined ? directoryBucket.exec(bucket ?? '')?.[1] : undefined
  const service = zone === undefined ? 's3' : 's3express'
  const signer = awsSigV4({ ...rest, service })
  const { region } = rest
  const endpoint =
    given === undefined
      ? amazonEndpoint(zone === undefined ? 's3' : `s3express-${zone}`, region)
      : checkedEndpoint(given)
  const inPath = pathStyle ?? (given !== undefined || bucket?.includes('.') === true)
  const url =
    bucket === undefined
      ? endpoint
      : inPath
        ? `${endpoint}/${bucket}`
        : endpoint.replace('://', `://${bucket}.`)
  return {
    endpoint,
    region,
    service,
    signer,
    url,
    objectUrl(key) {
      if (typeof key !== 'string' || key === '')
        throw invalid('an object key must be text that is not empty. The URL of the bucket is `url`.')
      if (bucket === undefined && given === undefined)
        throw invalid('option bucket is missing, and the key would be taken for the name of one. Set it.')
      return `${url}/${encodeRfc3986(key).replaceAll('%2F', '/')}`
    },
  }
}

const presetRules = { bucket: 'string?', endpoint: 'string?', pathStyle: 'boolean?' }

function amazonEndpoint(name: string, region: string): string {
  if (!/^[a-z]+(?:-[a-z]+)+-\d+$/.test(region))
    throw invalid(
      'option region is none of Amazon S3. Set it, or the endpoint of the store that has such a region.',
    )
  const [, domain = 'amazonaws.com'] = domains.find(([prefix]) => region.startsWith(prefix)) ?? []
  return `https://${name}.${region}.${domain}`
}

function checkedEndpoint(endpoint: string): string {
  let url: URL
  try {
    url = new URL(endpoint)
  } catch {
    throw invalid('option endpoint must be an absolute URL, such as http://127.0.0.1:9000.')
  }
  if (!/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.username !== '')
    throw invalid('option endpoint must be scheme, host and port alone.')
  return url.origin
}

function invalid(message: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `s3: ${message}`)
}
