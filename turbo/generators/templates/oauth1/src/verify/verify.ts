import { type ResolvedRequest, reveal, type Secret } from '@ez/core'
import { fromBase64, utf8 } from '@ez/core/crypto'
import { askOption, isUsableSecret, receive } from '@ez/core/received'
import { readClaim } from './claim.ts'
import { encode, expectedBaseString } from './expected.ts'
import {
  settingsOf,
  type VerifiedExampleScheme,
  type VerifierSecret,
  type VerifyExampleSchemeOptions,
} from './options.ts'
import { refusal } from './refusal.ts'

export type { VerifiedExampleScheme, VerifierSecret, VerifyExampleSchemeOptions } from './options.ts'
export type { RefusalCode } from './refusal.ts'

/**
 * Verifies a received request as the service does. It shares no canonicalisation with the signer. The body is not
 * signed, and is left to the caller.
 *
 * `secretFor` is asked twice: for the consumer key, and for the token.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW (`details.clockOffsetMs`), EZ_SIGNATURE_MISMATCH (`details.stages`), EZ_REQUEST_INVALID,
 * EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyExampleScheme } from '@ez/example-scheme/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const secrets: Record<string, string> = { 'example-consumer-key': 'one', 'example-token': 'two' }
 *   const { keyId } = await verifyExampleScheme(request, { secretFor: (id) => secrets[id] })
 *   return new Response(keyId)
 * }
 * ```
 */
export async function verifyExampleScheme(
  request: Request | ResolvedRequest,
  options: VerifyExampleSchemeOptions,
): Promise<VerifiedExampleScheme> {
  const { now, maxSkewSeconds } = settingsOf(options)
  const received = receive('verify example-scheme', request, options.url)
  const url = received.absoluteUrl()
  const { keyId, token, timestamp, signature, signed } = readClaim(received)
  const clockOffsetMs = now.getTime() - timestamp * 1000
  if (!(Math.abs(clockOffsetMs) < (maxSkewSeconds + 1) * 1000))
    throw refusal('EZ_CLOCK_SKEW', `the timestamp is ${clockOffsetMs / 1000} seconds old.`, { clockOffsetMs })
  const lookUp = (id: string): Promise<VerifierSecret> =>
    askOption('verify example-scheme', 'secretFor', () => options.secretFor(id))
  const [consumerSecret, tokenSecret] = await Promise.all([lookUp(keyId), lookUp(token)])
  if (!isUsableSecret(consumerSecret)) throw refusal('EZ_KEY_UNKNOWN', `there is no consumer "${keyId}".`)
  if (!isUsableSecret(tokenSecret)) throw refusal('EZ_KEY_UNKNOWN', 'the token is not known.')

  const baseString = expectedBaseString(received.method, url, signed)
  if (!(await isSignature(consumerSecret, tokenSecret, baseString, signature)))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      stages: { 'base-string': baseString },
    })
  const covers = { method: true, host: true, path: true, query: 'all', headers: [], body: 'none' } as const
  return { keyId, covers, body: null }
}

async function isSignature(
  consumerSecret: string | Secret,
  tokenSecret: string | Secret,
  baseString: string,
  signature: string,
): Promise<boolean> {
  const bytes = fromBase64(signature)
  if (!bytes) return false
  const text = utf8(`${encode(reveal(consumerSecret))}&${encode(reveal(tokenSecret))}`)
  const key = await crypto.subtle.importKey('raw', text, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  return crypto.subtle.verify('HMAC', key, bytes, utf8(baseString))
}
