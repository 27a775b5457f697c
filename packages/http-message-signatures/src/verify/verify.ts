import type { ResolvedRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { askOption, isUsableSecret, type ReceivedRequest, receive } from '@ez/core/received'
import { algorithms } from '../algorithms.ts'
import { parseComponent } from '../component.ts'
import { importKeyFor, parseKey } from '../key.ts'
import { type Claim, readClaim } from './claim.ts'
import { coversOf } from './covered.ts'
import { checkDigests, coveredDigests } from './digest.ts'
import { expectedBase } from './expected.ts'
import {
  settingsOf,
  type VerifiedHttpMessageSignatures,
  type VerifierSecret,
  type VerifyHttpMessageSignaturesOptions,
} from './options.ts'
import { refusal } from './refusal.ts'

const id = 'verify http-message-signatures'

export type {
  VerifiedHttpMessageSignatures,
  VerifierSecret,
  VerifyHttpMessageSignaturesOptions,
} from './options.ts'
export type { RefusalCode } from './refusal.ts'

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
  const received = receive(id, request, options.url)
  const url = received.absoluteUrl()
  const claim = readClaim(received, options.label)
  checkCoverage(claim, options)
  checkTime(claim, now.getTime() / 1000, maxSkewSeconds, options.allowUndated ?? false)
  const keyId = String(claim.values.get('keyid') ?? '')
  const known = await askOption(id, 'secretFor', () => options.secretFor(keyId))
  // Nothing is read or hashed for a key that is not known.
  const key = await keyOf(known, keyId, claim)
  const digests = coveredDigests(claim, received)
  const body = digests ? await received.readBody(maxBodyBytes) : null
  await checkSignature(claim, received, url, key, options)
  if (digests && body) await checkDigests(digests, body)
  // Last, so that a request that is refused for something else does not use a nonce up.
  const nonce = claim.values.get('nonce')
  if (nonce !== undefined && (await askOption(id, 'nonceSeen', () => options.nonceSeen?.(String(nonce)))))
    throw refusal('EZ_NONCE_SEEN', 'the nonce was used before.')
  return {
    keyId,
    label: claim.label,
    signedNames: claim.components.map(({ identifier }) => identifier),
    covers: coversOf(claim, digests !== undefined),
    body,
  }
}

function checkCoverage({ components, values }: Claim, options: VerifyHttpMessageSignaturesOptions): void {
  const covered = new Set(components.map(({ identifier }) => identifier))
  for (const name of options.requiredComponents)
    if (!covered.has(parseComponent(name).identifier))
      throw refusal('EZ_COMPONENT_UNSIGNED', `the signature does not cover ${name}.`)
  if (options.tag !== undefined && values.get('tag') !== options.tag)
    throw refusal('EZ_AUTHORIZATION_INVALID', `the signature does not have the tag ${options.tag}.`)
}

function checkTime({ values }: Claim, now: number, maxSkewSeconds: number, allowUndated: boolean): void {
  const [created, expires] = [values.get('created'), values.get('expires')]
  if ((values.has('created') && created === undefined) || (values.has('expires') && expires === undefined))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'created and expires must be whole numbers.')
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

async function keyOf(
  known: VerifierSecret,
  keyId: string,
  { values }: Claim,
): Promise<{ use: (typeof algorithms)[keyof typeof algorithms]['use']; key: CryptoKey }> {
  if (!known || !isUsableSecret(known.key)) throw refusal('EZ_KEY_UNKNOWN', `there is no key "${keyId}".`)
  const { algorithm } = known
  if (!Object.hasOwn(algorithms, algorithm))
    throw refusal('EZ_KEY_UNKNOWN', `the key "${keyId}" has an algorithm that is not known.`)
  const named = values.get('alg')
  if (named !== undefined && named !== algorithm)
    throw refusal(
      'EZ_AUTHORIZATION_INVALID',
      `the signature names ${named}, and the key is one for ${algorithm}.`,
    )
  const key = await importKeyFor(id, algorithm, parseKey(id, algorithm, known.key), 'verify')
  return { use: algorithms[algorithm].use, key }
}

// As in traces, so that the two can be compared.
const secretComponent =
  /^("(?:authorization|proxy-authorization|cookie|x-amz-security-token|x-amz-access-token)"[^:]*): .*$/gm

async function checkSignature(
  claim: Claim,
  received: ReceivedRequest,
  url: URL,
  { use, key }: Awaited<ReturnType<typeof keyOf>>,
  options: VerifyHttpMessageSignaturesOptions,
): Promise<void> {
  const signatureBase = expectedBase(claim, received, url, options.fieldTypes ?? {})
  if (!(await crypto.subtle.verify(use, key, claim.signature, utf8(signatureBase))))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      stages: { 'signature-base': signatureBase.replace(secretComponent, '$1: ***') },
    })
}
