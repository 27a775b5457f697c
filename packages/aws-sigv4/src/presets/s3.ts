import { EzError } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import type { AwsSigV4Options } from '../options.ts'
import { awsSigV4 } from '../signer.ts'
import type { ServicePreset } from './sp-api.ts'

/** Options of {@link s3}: those of the signer, with bucket and endpoint. */
export interface S3Options extends Omit<AwsSigV4Options, 'service'> {
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
  /** The URL of an object; the key is plain text, not encoded. */
  objectUrl(key: string): string
}

// Amazon S3 User Guide, "General purpose bucket naming rules".
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/**
 * Endpoint, URL and signer of Amazon S3 or of another store that speaks its protocol.
 *
 * Source: Amazon S3 User Guide, "Virtual hosting of general purpose buckets".
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
  const { bucket, endpoint: given, pathStyle, ...rest } = options
  const service = 's3'
  const signer = awsSigV4({ ...rest, service })
  const { region } = rest
  const endpoint = given === undefined ? amazonEndpoint(region) : checkedEndpoint(given)
  if (bucket !== undefined && !bucketName.test(bucket))
    throw invalid('option bucket must be 3 to 63 lower-case letters, digits, dots and hyphens.')
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
    objectUrl: (key) => `${url}/${encodeRfc3986(key).replaceAll('%2F', '/')}`,
  }
}

function amazonEndpoint(region: string): string {
  return `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
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
