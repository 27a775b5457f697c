/** What a service asks of a request beyond the general rules. */
export interface ServiceRules {
  /** Path signed as the object key it names: decoded, encoded once, never normalised. */
  readonly objectPath: boolean
  /** Wants `x-amz-content-sha256`. */
  readonly contentSha256Header: boolean
  /** Takes presigned requests with `UNSIGNED-PAYLOAD`, or any request when it verifies no payload at all. */
  readonly unsignedPayload: 'never' | 'presigned' | 'always'
}

const s3: ServiceRules = { objectPath: true, contentSha256Header: true, unsignedPayload: 'presigned' }
const withHeader: ServiceRules = { objectPath: false, contentSha256Header: true, unsignedPayload: 'never' }
const general: ServiceRules = { objectPath: false, contentSha256Header: false, unsignedPayload: 'never' }

// S3 and its kin: Amazon S3 User Guide, "Signature Calculations for the Authorization Header";
// glacier: S3 Glacier Developer Guide, "Signing Requests"; aoss: Amazon OpenSearch Serverless Developer Guide,
// "Signing HTTP requests with other clients"; vpc-lattice-svcs: VPC Lattice User Guide, "SIGv4 authenticated
// requests", which takes `UNSIGNED-PAYLOAD` and nothing else.
const byService: Readonly<Record<string, ServiceRules>> = {
  s3,
  's3-outposts': s3,
  's3-object-lambda': s3,
  s3express: s3,
  glacier: withHeader,
  aoss: withHeader,
  'vpc-lattice-svcs': { objectPath: false, contentSha256Header: true, unsignedPayload: 'always' },
}

/** The rules of a service by its signing name. */
export function rulesOf(service: string): ServiceRules {
  return Object.hasOwn(byService, service) ? (byService[service] as ServiceRules) : general
}
