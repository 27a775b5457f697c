import { type ResolvedRequest, reveal, type Secret } from '@ez/core'
import { fromBase64, utf8 } from '@ez/core/crypto'
import { isUsableSecret, receiveWhole } from '@ez/core/received'
import { settingsOf, type VerifiedExampleScheme, type VerifyExampleSchemeOptions } from './verify/options.ts'
import { refusal } from './verify/refusal.ts'

export type { VerifiedExampleScheme, VerifierSecret, VerifyExampleSchemeOptions } from './verify/options.ts'
export type { RefusalCode } from './verify/refusal.ts'

/**
 * Verifies a received request as the service does. It shares no canonicalisation with the signer.
 *
 * `secretFor` is asked twice: for the consumer key, and for the token.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE,
 * EZ_REQUEST_INVALID, EZ_OPTION_INVALID
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
  const { now, maxSkewSeconds, maxBodyBytes } = settingsOf(options)
  const { method, url, body, header } = await receiveWhole('verify example-scheme', request, options.url, maxBodyBytes)
  const authorization = header('authorization')
  if (authorization === undefined)
    throw refusal('EZ_AUTHORIZATION_MISSING', 'there is no authorization header.')
  const given = readParameters(authorization)
  const { oauth_consumer_key: keyId = '', oauth_token: token = '', oauth_timestamp: timestamp } = given
  if (given.oauth_signature_method !== 'HMAC-SHA256' || !/^\d{1,12}$/.test(timestamp ?? ''))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the signature method or the timestamp is not valid.')
  const age = Math.floor(now.getTime() / 1000) - Number(timestamp)
  if (!(Math.abs(age) <= maxSkewSeconds))
    throw refusal('EZ_CLOCK_SKEW', `the timestamp is ${age} seconds old.`, { clockOffsetMs: age * 1000 })
  const [consumerSecret, tokenSecret] = await Promise.all([options.secretFor(keyId), options.secretFor(token)])
  if (!isUsableSecret(consumerSecret)) throw refusal('EZ_KEY_UNKNOWN', `there is no consumer "${keyId}".`)
  if (!isUsableSecret(tokenSecret)) throw refusal('EZ_KEY_UNKNOWN', 'the token is not known.')

  const { oauth_signature: signature = '', ...signed } = given
  const pairs = [...url.searchParams, ...Object.entries(signed)].map((pair) => pair.map(encode).join('='))
  // Names and values hold no "=" once they are encoded, which sorts them as pairs.
  const parameters = pairs.map((pair) => pair.replace('=', '\0')).sort().join('&').replaceAll('\0', '=')
  const baseString = [method, url.origin + url.pathname, parameters].map(encode).join('&')
  if (!(await isSignature(consumerSecret, tokenSecret, baseString, signature)))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      baseString,
    })
  return { keyId, signedNames: ['method', 'host', 'path', 'query'], body }
}

function readParameters(authorization: string): Record<string, string> {
  const parameters: Record<string, string> = {}
  const pattern = /(?:^OAuth |, ?)([a-z_]+)="([^"]*)"/gy
  let end = 0
  for (const [whole, name = '', value = ''] of authorization.matchAll(pattern)) {
    if (Object.hasOwn(parameters, name))
      throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `there are two parameters ${name}.`)
    parameters[name] = decodeURIComponent(value)
    end += whole.length
  }
  if (end !== authorization.length || end === 0)
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the authorization header cannot be read.')
  return parameters
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
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
