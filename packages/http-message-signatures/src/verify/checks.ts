import { utf8 } from '@ez/core/crypto'
import { askOption, isUsableSecret } from '@ez/core/received'
import { algorithms, type SignatureAlgorithm } from '../algorithms.ts'
import { type Component, parseComponent } from '../component.ts'
import { importKeyFor, parseKey } from '../key.ts'
import type { Claim } from './claim.ts'
import type { VerifyHttpMessageSignaturesOptions } from './options.ts'
import { refusal } from './refusal.ts'

export const id = 'verify http-message-signatures'

/**
 * That the signature covers what must be covered, and has the tag.
 *
 * @throws EZ_COMPONENT_UNSIGNED, EZ_AUTHORIZATION_INVALID
 */
export function checkCoverage(
  { components, values }: Claim,
  options: Pick<VerifyHttpMessageSignaturesOptions, 'requiredComponents' | 'tag'>,
  parse: (text: string) => Component = parseComponent,
): void {
  const covered = new Set(components.map(({ identifier }) => identifier))
  for (const name of options.requiredComponents)
    if (!covered.has(parse(name).identifier))
      throw refusal('EZ_COMPONENT_UNSIGNED', `the signature does not cover ${name}.`)
  if (options.tag !== undefined && values.get('tag') !== options.tag)
    throw refusal('EZ_AUTHORIZATION_INVALID', `the signature does not have the tag ${options.tag}.`)
}

/** That the signature is of this time. @throws EZ_AUTHORIZATION_INVALID, EZ_SIGNATURE_EXPIRED, EZ_CLOCK_SKEW */
export function checkTime(
  { values }: Claim,
  now: number,
  maxSkewSeconds: number,
  allowUndated: boolean,
): void {
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

/** A key with how it verifies. */
export interface VerifierKey {
  readonly use: (typeof algorithms)[SignatureAlgorithm]['use']
  readonly key: CryptoKey
}

/** The key of a signature, looked up before anything is read or hashed. @throws EZ_KEY_UNKNOWN, EZ_AUTHORIZATION_INVALID */
export async function keyOf(
  { values }: Claim,
  options: Pick<VerifyHttpMessageSignaturesOptions, 'secretFor'>,
): Promise<VerifierKey> {
  const keyId = keyIdOf(values)
  const known = await askOption(id, 'secretFor', () => options.secretFor(keyId))
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
  /^("(?:authorization|proxy-authorization|cookie|set-cookie|x-amz-security-token|x-amz-access-token)"[^:]*): .*$/gm

/** @throws EZ_SIGNATURE_MISMATCH with the base that was expected */
export async function checkSignature(
  { signature }: Claim,
  { use, key }: VerifierKey,
  signatureBase: string,
): Promise<void> {
  if (!(await crypto.subtle.verify(use, key, signature, utf8(signatureBase))))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this message and key.', {
      stages: { 'signature-base': signatureBase.replace(secretComponent, '$1: ***') },
    })
}

/** @throws EZ_NONCE_SEEN */
export async function checkNonce(
  { values }: Claim,
  options: Pick<VerifyHttpMessageSignaturesOptions, 'nonceSeen'>,
): Promise<void> {
  const nonce = values.get('nonce')
  if (nonce !== undefined && (await askOption(id, 'nonceSeen', () => options.nonceSeen?.(String(nonce)))))
    throw refusal('EZ_NONCE_SEEN', 'the nonce was used before.')
}

/** The key id that a signature names; empty when it names none. */
export function keyIdOf(values: Claim['values']): string {
  return String(values.get('keyid') ?? '')
}
