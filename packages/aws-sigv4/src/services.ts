/** What a service asks of a request beyond the general rules. */
export interface ServiceRules {
  /** Path signed as the object key it names: decoded, encoded once, never normalised. */
  readonly objectPath: boolean
  /** Wants `x-amz-content-sha256`. */
  readonly contentSha256Header: boolean
  /** Takes presigned requests with `UNSIGNED-PAYLOAD`, or any request when it verifies no payload at all. */
  readonly unsignedPayload: 'never' | 'presigned' | 'always'
}

function rules(
  objectPath: boolean,
  contentSha256Header: boolean,
  unsignedPayload: ServiceRules['unsignedPayload'],
): ServiceRules {
  return { objectPath, contentSha256Header, unsignedPayload }
}

const s3 = /* @__PURE__ */ rules(true, true, 'presigned')
const withHeader = /* @__PURE__ */ rules(false, true, 'never')

// S3 and its kin: Amazon S3 User Guide, "Signature Calculations for the Authorization Header";
// glacier: S3 Glacier Developer Guide, "Signing Requests"; aoss: Amazon OpenSearch Serverless Developer Guide,
// "Signing HTTP requests with other clients"; vpc-lattice-svcs: VPC Lattice User Guide, "SIGv4 authenticated
// requests", which takes `UNSIGNED-PAYLOAD` and nothing else.
const byService: ReadonlyMap<string, ServiceRules> = /* @__PURE__ */ new Map(
  Object.entries({
    s3,
    's3-outposts': s3,
    's3-object-lambda': s3,
    s3express: s3,
    glacier: withHeader,
    aoss: withHeader,
    'vpc-lattice-svcs': /* @__PURE__ */ rules(false, true, 'always'),
  }),
)

/** The rules of a service by its signing name. */
export function rulesOf(service: string): ServiceRules {
  return byService.get(service) ?? rules(false, false, 'never')
}
