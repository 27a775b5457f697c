import { checkOptions, EzError, type Signer } from '@ez/core'
import type { AwsSigV4Options } from '../options.ts'
import { awsSigV4 } from '../signer.ts'

/** A selling region of Amazon: North America, Europe (with India and the Middle East), Far East. */
export type SpApiRegion = 'na' | 'eu' | 'fe'

/** Options of {@link spApi}: those of the signer, with the selling region. */
export interface SpApiOptions extends Omit<AwsSigV4Options, 'service' | 'region'> {
  /** Selling region: `na`, `eu` or `fe`. */
  readonly region: SpApiRegion
  /** Use the sandbox's endpoint (default `false`). */
  readonly sandbox?: boolean
}

/** Where a service is and how it is signed for. */
export interface ServicePreset {
  /** Scheme and host, without a slash at the end. */
  readonly endpoint: string
  /** Region of the credential scope. */
  readonly region: string
  /** Signing name. */
  readonly service: string
  /** Signs requests to `endpoint`. */
  readonly signer: Signer
}

const regions: Readonly<Record<SpApiRegion, string>> = { na: 'us-east-1', eu: 'eu-west-1', fe: 'us-west-2' }

/**
 * Endpoint, region, service and signer of Amazon's Selling Partner API.
 *
 * SP-API has not checked this signature since 2 October 2023; it asks for a Login with Amazon token in
 * `x-amz-access-token`.
 *
 * Source: Selling Partner API documentation, "SP-API Endpoints".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING
 *
 * @example
 * ```ts
 * import { spApi } from '@ez/aws-sigv4'
 *
 * const { endpoint, signer } = spApi({
 *   region: 'eu',
 *   credentials: {
 *     accessKeyId: 'AKIDEXAMPLE',
 *     secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
 *   },
 * })
 * const request = { method: 'GET', url: `${endpoint}/orders/v0/orders`, preRequest: [signer] }
 * ```
 */
export function spApi(options: SpApiOptions): ServicePreset {
  const { region: sellingRegion, sandbox = false, ...rest } = options ?? ({} as SpApiOptions)
  checkOptions('sp-api', { sandbox }, { sandbox: 'boolean' })
  if (typeof sellingRegion !== 'string' || !Object.hasOwn(regions, sellingRegion))
    throw new EzError('EZ_OPTION_INVALID', "sp-api: option region must be 'na', 'eu' or 'fe'.")
  const region = regions[sellingRegion]
  const service = 'execute-api'
  const host = `sellingpartnerapi-${sellingRegion}.amazon.com`
  return {
    endpoint: `https://${sandbox ? 'sandbox.' : ''}${host}`,
    region,
    service,
    signer: awsSigV4({ ...rest, service, region }),
  }
}
