import { EzError, type ResolvedRequest, type ResponseSnapshot } from '@ez/core'
import { type Covers, type ReceivedRequest, receive } from '@ez/core/received'
import { checkCoverage, checkNonce, checkSignature, checkTime, id, keyIdOf, keyOf } from '../verify/checks.ts'
import { type ClaimedComponent, readClaim } from '../verify/claim.ts'
import { coversOf } from '../verify/covered.ts'
import { checkDigests, coveredDigests } from '../verify/digest.ts'
import { expectedBase, Fields, RequestValues, unusable } from '../verify/expected.ts'
import { settingsOf, type VerifyHttpMessageSignaturesOptions } from '../verify/options.ts'
import { refusal } from '../verify/refusal.ts'
import { parseResponseComponent } from './component.ts'

/** Options of {@link verifyHttpResponse}. */
export interface VerifyHttpResponseOptions extends Omit<VerifyHttpMessageSignaturesOptions, 'url'> {
  /** The request that was answered, as it was sent: needed for components with `req`. */
  readonly request?: Request | ResolvedRequest
}

/** What the signature of a response vouches for. */
export interface VerifiedHttpResponse {
  /** Empty when the signature names none. */
  readonly keyId: string
  /** Name of the signature in `signature-input`. */
  readonly label: string
  /** The components that the signature covers, as they stand in `signature-input`. */
  readonly signedNames: readonly string[]
  /** What the signature covers of the response. */
  readonly covers: {
    readonly status: boolean
    readonly headers: readonly string[]
    readonly body: 'all' | 'none'
    /** What it covers of the request; its body only as far as the header `content-digest` says what it was. */
    readonly request: Covers
  }
  /** The body, when the signature covers its digest. */
  readonly body: Uint8Array | null
}

/**
 * Verifies the signature of a response that was received, and its body when `content-digest` is signed.
 *
 * Ask for `"@method";req` and `"@target-uri";req` in `requiredComponents`: otherwise the answer to another request passes.
 * A digest is one of the bytes on the wire; a client that has decompressed them already gets EZ_BODY_MISMATCH.
 *
 * Source: RFC 9421 sections 2.2.9, 2.4 and 3.2.
 *
 * @throws what `verifyHttpMessageSignatures` throws
 *
 * @example
 * ```ts
 * import { verifyHttpResponse } from '@ez/http-message-signatures/response'
 *
 * const key = '{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}'
 * const request = new Request('https://example.com/orders')
 * const { body } = await verifyHttpResponse(await fetch(request.clone()), {
 *   request,
 *   requiredComponents: ['@status', 'content-digest', '"@method";req', '"@target-uri";req'],
 *   secretFor: (id) => (id === 'test-key-ed25519' ? { algorithm: 'ed25519', key } : undefined),
 * })
 * ```
 */
export async function verifyHttpResponse(
  response: Response | ResponseSnapshot,
  options: VerifyHttpResponseOptions,
): Promise<VerifiedHttpResponse> {
  const { request, ...others } = options ?? ({} as VerifyHttpResponseOptions)
  const { now, maxSkewSeconds, maxBodyBytes } = settingsOf(others, parseResponseComponent)
  const received = receiveResponse(response)
  const claim = readClaim(received, others.label)
  checkCoverage(claim, others, parseResponseComponent)
  checkTime(claim, now.getTime() / 1000, maxSkewSeconds, others.allowUndated ?? false)
  const key = await keyOf(claim, others)
  const digests = coveredDigests(claim, received)
  const body = digests ? await bodyOf(response, maxBodyBytes) : null
  const answered = request && receive(id, request)
  const fieldTypes = others.fieldTypes ?? {}
  const ofRequest = answered && new RequestValues(answered, answered.absoluteUrl(), fieldTypes)
  const fields = new Fields(received, fieldTypes)
  const base = expectedBase(claim, (component) => {
    const { name, parameters } = component
    if (isOfRequest(component)) return valueOfRequest(component, ofRequest)
    if (name === '@status' && parameters.size === 0) return String(response.status)
    // What else starts with @ is a part of requests.
    if (name.startsWith('@')) throw unusable(component)
    return fields.valueOf(component)
  })
  await checkSignature(claim, key, base)
  if (digests && body) await checkDigests(digests, body)
  await checkNonce(claim, others)
  const { headers, body: covered } = coversOf(
    claim.components.filter((one) => !isOfRequest(one)),
    digests !== undefined,
  )
  return {
    keyId: keyIdOf(claim.values),
    label: claim.label,
    signedNames: claim.components.map(({ identifier }) => identifier),
    covers: {
      status: claim.components.some(({ name }) => name === '@status'),
      headers,
      body: covered === 'all' ? 'all' : 'none',
      request: coversOf(claim.components.filter(isOfRequest), false),
    },
    body,
  }
}

function isOfRequest({ parameters }: ClaimedComponent): boolean {
  return parameters.has('req')
}

function valueOfRequest(component: ClaimedComponent, request: RequestValues | undefined): string {
  const { req, ...parameters } = Object.fromEntries(component.parameters)
  if (req?.type !== 'boolean' || !req.value) throw unusable(component)
  if (request) return request.valueOf({ ...component, parameters: new Map(Object.entries(parameters)) })
  throw refusal(
    'EZ_AUTHORIZATION_INVALID',
    `the component ${component.identifier} is of the request that was answered. Give it as option request.`,
  )
}

function receiveResponse(response: Response | ResponseSnapshot): ReceivedRequest {
  if (!Number.isInteger(response?.status))
    throw new EzError(
      'EZ_REQUEST_INVALID',
      `${id}: what was received is no response. Give a Response, or status, headers as pairs and body.`,
    )
  return receive(id, withBody(response, null))
}

function bodyOf(response: Response | ResponseSnapshot, maxBodyBytes: number): Promise<Uint8Array> {
  if (!('clone' in response)) return receive(id, withBody(response, response.body)).readBody(maxBodyBytes)
  if (response.bodyUsed)
    throw new EzError(
      'EZ_BODY_INVALID',
      `${id}: the body was read before. Verify first, or give a clone of the response.`,
    )
  // A clone, so that the caller can still read its body.
  return receive(id, withBody(response, response.clone().body)).readBody(maxBodyBytes)
}

// Read as a request is, whose method and URL nobody asks for.
function withBody({ headers }: Response | ResponseSnapshot, body: ResolvedRequest['body']): ResolvedRequest {
  return { method: '', url: '', headers: headers as ResolvedRequest['headers'], body }
}
