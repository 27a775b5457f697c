import type { ResolvedRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { isUsableSecret, receiveWhole, type WholeRequest } from '@ez/core/received'
import { algorithms } from './algorithms.ts'
import { importKey, parseKey } from './key.ts'
import { type Claim, readClaim } from './verify/claim.ts'
import { checkContentDigest, expectedBase } from './verify/expected.ts'
import {
  settingsOf,
  type VerifiedHttpMessageSignatures,
  type VerifyHttpMessageSignaturesOptions,
} from './verify/options.ts'
import { refusal } from './verify/refusal.ts'

const id = 'verify http-message-signatures'

export type {
  VerifiedHttpMessageSignatures,
  VerifierSecret,
  VerifyHttpMessageSignaturesOptions,
} from './verify/options.ts'
export type { RefusalCode } from './verify/refusal.ts'

/**
 * Verifies the signature of a received request, and its body when `content-digest` is signed.
 *
 * It shares no canonicalisation with the signer. The algorithm is the key's own: a signature that names
 * another is refused.
 *
 * Source: RFC 9421 section 3.2.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_COMPONENT_UNSIGNED, EZ_CLOCK_SKEW, EZ_SIGNATURE_EXPIRED, EZ_NONCE_SEEN, EZ_SIGNATURE_MISMATCH,
 * EZ_BODY_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
 *
 * const key = '{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { keyId } = await verifyHttpMessageSignatures(request, {
 *     requiredComponents: ['@method', '@target-uri', 'content-digest'],
 *     secretFor: (id) => (id === 'test-key-ed25519' ? { algorithm: 'ed25519', key } : undefined),
 *   })
 *   return new Response(keyId)
 * }
 * ```
 */
export async function verifyHttpMessageSignatures(
  request: Request | ResolvedRequest,
  options: VerifyHttpMessageSignaturesOptions,
): Promise<VerifiedHttpMessageSignatures> {
  const { now, maxSkewSeconds, maxBodyBytes } = settingsOf(options)
  const received = await receiveWhole(id, request, options.url, maxBodyBytes)
  const claim = readClaim(received, options.label)
  checkCoverage(claim, options)
  checkTime(claim, now.getTime() / 1000, maxSkewSeconds, options.allowUndated ?? false)
  await checkSignature(claim, received, options)
  const digest = claim.components.includes('"content-digest"') ? received.header('content-digest') : undefined
  if (digest !== undefined) await checkContentDigest(digest, received.body)
  // Last, so that a request that is refused for something else does not use a nonce up.
  const nonce = claim.values.get('nonce')
  if (nonce !== undefined && (await options.nonceSeen?.(String(nonce))))
    throw refusal('EZ_NONCE_SEEN', 'the nonce was used before.')
  return {
    keyId: String(claim.values.get('keyid') ?? ''),
    label: claim.label,
    signedNames: claim.components,
    body: digest === undefined ? null : received.body,
  }
}

function checkCoverage(claim: Claim, options: VerifyHttpMessageSignaturesOptions): void {
  for (const name of options.requiredComponents)
    if (!claim.components.includes(name.startsWith('"') ? name : `"${name}"`))
      throw refusal('EZ_COMPONENT_UNSIGNED', `the signature does not cover ${name}.`)
  if (options.tag !== undefined && claim.values.get('tag') !== options.tag)
    throw refusal('EZ_AUTHORIZATION_INVALID', `the signature does not have the tag ${options.tag}.`)
}

function checkTime({ values }: Claim, now: number, maxSkewSeconds: number, allowUndated: boolean): void {
  const [created, expires] = [values.get('created'), values.get('expires')]
  if (created === undefined && expires === undefined && !allowUndated)
    throw refusal(
      'EZ_AUTHORIZATION_INVALID',
      'the signature has neither created nor expires: it would hold for ever.',
    )
  for (const instant of [created, expires])
    if (instant !== undefined && typeof instant !== 'number')
      throw refusal('EZ_AUTHORIZATION_INVALID', 'created and expires must be whole numbers.')
  if (typeof expires === 'number' && !(now <= expires))
    throw refusal('EZ_SIGNATURE_EXPIRED', `the signature held until second ${expires}.`)
  if (typeof created !== 'number') return
  const age = now - created
  // With its own end, a signature may be older than clocks differ.
  const isOfTime = -age <= maxSkewSeconds && (expires !== undefined || age <= maxSkewSeconds)
  if (!isOfTime)
    throw refusal('EZ_CLOCK_SKEW', `the signature is ${Math.round(age)} seconds old.`, {
      clockOffsetMs: age * 1000,
    })
}

// As in traces, so that the two can be compared.
const secretComponent =
  /^("(?:authorization|proxy-authorization|cookie|x-amz-security-token|x-amz-access-token)"(?:;bs)?): .*$/gm

async function checkSignature(
  claim: Claim,
  received: WholeRequest,
  options: VerifyHttpMessageSignaturesOptions,
): Promise<void> {
  const keyId = String(claim.values.get('keyid') ?? '')
  const known = await options.secretFor(keyId)
  if (!known || !isUsableSecret(known.key) || !Object.hasOwn(algorithms, known.algorithm))
    throw refusal('EZ_KEY_UNKNOWN', `there is no key "${keyId}".`)
  const { algorithm } = known
  const named = claim.values.get('alg')
  if (named !== undefined && named !== algorithm)
    throw refusal(
      'EZ_AUTHORIZATION_INVALID',
      `the signature names ${named}, and the key is one for ${algorithm}.`,
    )
  const key = await importKey(id, algorithm, parseKey(id, algorithm, known.key), 'verify')
  const signatureBase = expectedBase(claim, received)
  if (!(await crypto.subtle.verify(algorithms[algorithm].use, key, claim.signature, utf8(signatureBase))))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      signatureBase: signatureBase.replace(secretComponent, '$1: ***'),
    })
}
