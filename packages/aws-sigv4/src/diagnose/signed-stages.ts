import { headerOf, maskResponse, type PreparedRequest } from '@ez/core'
import { hash, sha256, utf8 } from '@ez/core/crypto'
import { createCanonicalRequest } from '../canonical-request.ts'
import { rulesOf } from '../services.ts'
import { createStringToSign } from '../string-to-sign.ts'

/** What was signed: as the trace shows it, or as the request itself tells. */
export interface SignedStages {
  /** Masked as in a trace; `undefined` for a request without an authorization of version 4. */
  readonly canonicalRequest: string | undefined
  /** With the hash of the canonical request as its last line. */
  readonly stringToSign: string | undefined
  /** Hex; in a trace. */
  readonly signature: string | undefined
  /** Whether this package signed the request, so that the secret is at hand. */
  readonly isOurs: boolean
}

/**
 * The stages of a request that was signed here, by its trace; of one that somebody else signed, worked out from its
 * own authorization, for which no secret is needed. Reads headers, presigned URLs and Signature Version 4A.
 *
 * @example
 * ```ts
 * import { signedStages } from '@ez/aws-sigv4'
 * import type { PreparedRequest } from '@ez/core'
 *
 * export const stringToSign = (prepared: PreparedRequest) => signedStages(prepared).stringToSign
 * ```
 */
export function signedStages(prepared: PreparedRequest): SignedStages {
  const last = (id: string): string | undefined =>
    prepared.trace.findLast((entry) => entry.id === id && entry.step.startsWith('aws-sigv4'))?.value
  const canonicalRequest = last('canonical-request')
  if (canonicalRequest !== undefined)
    return {
      canonicalRequest,
      stringToSign: last('string-to-sign'),
      signature: last('signature'),
      isOurs: true,
    }
  const none = { canonicalRequest: undefined, stringToSign: undefined, signature: undefined, isOurs: false }
  return { ...none, ...restored(prepared) }
}

/** What an authorization says of itself. */
interface Authorization {
  readonly algorithm: string
  readonly scope: readonly string[]
  readonly date: string
  readonly names: readonly string[]
  readonly signature: string
}

function restored(prepared: PreparedRequest): Partial<SignedStages> {
  const authorization = inHeader(prepared) ?? inQuery(prepared)
  if (!authorization) return {}
  const { algorithm, scope, date, names, signature } = authorization
  const { objectPath } = rulesOf(scope.at(-2) ?? '')
  const canonical = createCanonicalRequest({
    method: prepared.method,
    url: prepared.url.replace(/([?&])X-Amz-Signature=[^&#]*&?/, '$1'),
    headers: prepared.headers.filter(([name]) => names.includes(name.toLowerCase())),
    payloadHash: payloadOf(prepared, objectPath),
    signedHeaders: 'all',
    path: { normalizePath: !objectPath, doubleEncode: !objectPath, decodeSlash: objectPath },
  }).text
  const [day = '', region = '', service = ''] = scope
  const place = { amzDate: date, date: day, region, service, text: scope.join('/') }
  return {
    canonicalRequest: masked(canonical, prepared),
    stringToSign: createStringToSign(canonical, place, algorithm),
    signature,
  }
}

const header =
  /^(AWS4-[A-Z0-9-]+) +Credential=([^,\s]+)[, ]+SignedHeaders=([^,\s]+)[, ]+Signature=([0-9a-f]+)/

function inHeader({ headers }: PreparedRequest): Authorization | undefined {
  const [, algorithm, credential = '', names = '', signature = ''] =
    header.exec(headerOf(headers, 'authorization') ?? '') ?? []
  if (algorithm === undefined) return undefined
  const date = headerOf(headers, 'x-amz-date') ?? ''
  return { algorithm, scope: scopeOf(credential), date, names: names.split(';'), signature }
}

function inQuery({ url }: PreparedRequest): Authorization | undefined {
  const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '')
  const get = (name: string): string => query.get(name) ?? ''
  const algorithm = get('X-Amz-Algorithm')
  if (!algorithm.startsWith('AWS4-')) return undefined
  return {
    algorithm,
    scope: scopeOf(get('X-Amz-Credential')),
    date: get('X-Amz-Date'),
    names: get('X-Amz-SignedHeaders').split(';'),
    signature: get('X-Amz-Signature'),
  }
}

/** Of a credential `key/date/region/service/aws4_request` what follows the key. */
function scopeOf(credential: string): string[] {
  return credential.split('/').slice(-4)
}

function payloadOf({ headers, url, body }: PreparedRequest, objectPath: boolean): string {
  const sent = headerOf(headers, 'x-amz-content-sha256')
  if (sent !== undefined) return sent
  if (objectPath && url.includes('X-Amz-Algorithm=')) return 'UNSIGNED-PAYLOAD'
  return hash(sha256, body instanceof Uint8Array ? body : new Uint8Array(), 'hex')
}

// The answer is masked before it is compared, and a trace is; what is worked out here must be too.
function masked(text: string, prepared: PreparedRequest): string {
  return new TextDecoder().decode(maskResponse({ status: 0, headers: [], body: utf8(text) }, prepared).body)
}
