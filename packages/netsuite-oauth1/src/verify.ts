import { EzError, type ResolvedRequest } from '@ez/core'
import { checkSignature } from './verify/check-signature.ts'
import { expectBaseString } from './verify/expected.ts'
import { type Received, readReceived } from './verify/received.ts'
import { readAuthorization, readForm, showBytes, type WirePair } from './verify/wire.ts'

/** What belongs to one consumer key and token. */
export interface OAuth1Secrets {
  readonly consumerSecret?: string
  readonly tokenSecret?: string
  /** For RSA methods: PEM, `BEGIN PUBLIC KEY`. */
  readonly publicKey?: string
}

/** A use of a nonce; it may come once only. */
export interface NonceUse {
  readonly keyId: string
  readonly token: string | undefined
  readonly nonce: string
  /** Seconds since 1970. */
  readonly timestamp: number
}

/** Options of `verifyOAuth1`. */
export interface VerifyOAuth1Options {
  /** Finds the secrets; `undefined` when key or token are unknown. */
  readonly secretFor: (
    keyId: string,
    token: string | undefined,
  ) => OAuth1Secrets | undefined | Promise<OAuth1Secrets | undefined>
  /** Default: the system clock. */
  readonly now?: () => Date
  /** Seconds that a timestamp may be off, either way (default 300). */
  readonly maxSkewSeconds?: number
  /** Whether this nonce has been used; must also record it. Asked only after the signature was right. */
  readonly nonceSeen?: (use: NonceUse) => boolean | Promise<boolean>
  /** What the client called, when a proxy changed it. */
  readonly url?: string
  /** Bytes (default 10 MiB). */
  readonly maxBodyBytes?: number
  /** Signature methods that are accepted (default: all HMAC and RSA methods). */
  readonly signatureMethods?: readonly string[]
  /** Accept PLAINTEXT, which proves nothing about the request (default `false`). */
  readonly allowPlaintext?: boolean
}

/** What a right signature proves. */
export interface VerifiedOAuth1 {
  /** The consumer key. */
  readonly keyId: string
  readonly token: string | undefined
  /** Realm of the header, unsigned. */
  readonly realm: string | undefined
  /** Names of all signed parameters, decoded, sorted. */
  readonly signedNames: readonly string[]
  /** The body when the signature covers it (a form, or `oauth_body_hash`); else `null`. */
  readonly body: Uint8Array | null
  /** The body as it came, whether signed or not. */
  readonly receivedBody: Uint8Array
}

const allMethods = ['HMAC-SHA1', 'HMAC-SHA256', 'HMAC-SHA512', 'RSA-SHA1', 'RSA-SHA256', 'RSA-SHA512']

/**
 * Verifies an OAuth 1.0a request as its server would: signature, then timestamp, then nonce.
 *
 * Parameters may stand in the header, the query or a form body, in one of them only. A `Request` is read.
 *
 * Source: RFC 5849 section 3.2.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN, EZ_ALGORITHM_REFUSED,
 * EZ_SIGNATURE_MISMATCH, EZ_BODY_MISMATCH, EZ_BODY_TOO_LARGE, EZ_CLOCK_SKEW, EZ_NONCE_SEEN
 *
 * @example
 * ```ts
 * import { verifyOAuth1 } from '@ez/netsuite-oauth1/verify'
 *
 * const request = new Request('https://api.example.com/orders', { headers: { authorization: 'OAuth …' } })
 * const verified = await verifyOAuth1(request, {
 *   secretFor: (keyId) => (keyId === 'key' ? { consumerSecret: 'secret', tokenSecret: '' } : undefined),
 * })
 * console.log(verified.signedNames)
 * ```
 */
export async function verifyOAuth1(
  received: Request | ResolvedRequest,
  options: VerifyOAuth1Options,
): Promise<VerifiedOAuth1> {
  const request = await readReceived(received, options.url, options.maxBodyBytes ?? 10 * 1024 * 1024)
  const { pairs, realm, hasForm } = collect(request)
  const read = (name: string): string | undefined => {
    const found = pairs.find((pair) => pair.name === name)
    return found && showBytes(found.value)
  }
  const need = (name: string): string => {
    const value = read(name)
    if (value === undefined) throw invalid(`${name} is missing`)
    return value
  }
  const keyId = need('oauth_consumer_key')
  const token = read('oauth_token')
  const method = need('oauth_signature_method')
  const signature = need('oauth_signature')
  const version = read('oauth_version')
  if (version !== undefined && version !== '1.0') throw invalid(`oauth_version is ${version}`)
  const accepted = [
    ...(options.signatureMethods ?? allMethods),
    ...(options.allowPlaintext ? ['PLAINTEXT'] : []),
  ]
  if (!accepted.includes(method))
    throw new EzError(
      'EZ_ALGORITHM_REFUSED',
      `oauth1: ${method} is not accepted. Use ${accepted.join(', ')}.`,
    )

  const secrets = await options.secretFor(keyId, token)
  if (!secrets) throw new EzError('EZ_KEY_UNKNOWN', 'oauth1: the consumer key or the token is unknown.')
  const baseString = expectBaseString(request.method, request.url, pairs)
  if (!(await checkSignature(method, baseString, signature, secrets)))
    throw new EzError('EZ_SIGNATURE_MISMATCH', 'oauth1: the signature is not that of this request.', {
      details: { baseString },
    })
  const bodyHash = read('oauth_body_hash')
  if (bodyHash !== undefined) await checkBodyHash(bodyHash, method, hasForm, request.body)
  // Both may be missing with PLAINTEXT only (RFC 5849 section 3.1).
  if (method !== 'PLAINTEXT' || read('oauth_timestamp') !== undefined)
    await checkOnce(options, keyId, token, need('oauth_timestamp'), need('oauth_nonce'))
  const signedNames = pairs.map(({ name }) => showBytes(name)).filter((name) => name !== 'oauth_signature')
  return {
    keyId,
    token,
    realm,
    signedNames: signedNames.sort(),
    body: hasForm || bodyHash !== undefined ? request.body : null,
    receivedBody: request.body,
  }
}

function collect(request: Received): { pairs: WirePair[]; realm: string | undefined; hasForm: boolean } {
  const headers = request.headers.filter(([name]) => name === 'authorization')
  if (headers.length > 1) throw invalid('there are two Authorization headers')
  const authorization = headers[0] && readAuthorization(headers[0][1])
  if (headers[0] && /^\s*OAuth\b/i.test(headers[0][1]) && !authorization)
    throw invalid('the header cannot be read')
  const contentType = request.headers.find(([name]) => name === 'content-type')?.[1] ?? ''
  const hasForm = contentType.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded'
  const sources = [
    (authorization ?? []).filter(({ name }) => name !== 'realm'),
    readForm(request.url.search.slice(1)),
    hasForm ? readForm(new TextDecoder().decode(request.body)) : [],
  ]
  const holding = sources.filter((pairs) => pairs.some(({ name }) => name.startsWith('oauth_')))
  if (holding.length === 0)
    throw new EzError('EZ_AUTHORIZATION_MISSING', 'oauth1: the request holds no oauth_ parameters.')
  if (holding.length > 1) throw invalid('oauth_ parameters stand in more than one place')
  const names = (holding[0] as WirePair[]).map(({ name }) => name).filter((name) => name.startsWith('oauth_'))
  if (new Set(names).size < names.length) throw invalid('an oauth_ parameter stands there twice')
  const realm = authorization?.find(({ name }) => name === 'realm')?.value
  return { pairs: sources.flat(), realm: realm === undefined ? undefined : showBytes(realm), hasForm }
}

async function checkBodyHash(
  given: string,
  method: string,
  hasForm: boolean,
  body: Uint8Array,
): Promise<void> {
  if (hasForm) throw invalid('oauth_body_hash stands beside a form body')
  const name = method === 'PLAINTEXT' ? 'SHA-1' : method.replace(/^.*SHA/, 'SHA-')
  const digest = new Uint8Array(await crypto.subtle.digest(name, body as Uint8Array<ArrayBuffer>))
  if (btoa(String.fromCharCode(...digest)) !== given)
    throw new EzError('EZ_BODY_MISMATCH', 'oauth1: the body is not the one that was hashed.')
}

async function checkOnce(
  options: VerifyOAuth1Options,
  keyId: string,
  token: string | undefined,
  timestamp: string,
  nonce: string,
): Promise<void> {
  if (!/^\d{1,12}$/.test(timestamp)) throw invalid('oauth_timestamp is not a number of seconds')
  const now = Math.floor((options.now?.() ?? new Date()).getTime() / 1000)
  const skew = Number(timestamp) - now
  if (Math.abs(skew) > (options.maxSkewSeconds ?? 300))
    throw new EzError('EZ_CLOCK_SKEW', `oauth1: the timestamp is ${skew} seconds from the server's clock.`, {
      details: { skewSeconds: skew },
    })
  if (await options.nonceSeen?.({ keyId, token, nonce, timestamp: Number(timestamp) }))
    throw new EzError('EZ_NONCE_SEEN', 'oauth1: the nonce was used before. Sign each attempt anew.')
}

function invalid(reason: string): EzError {
  return new EzError('EZ_AUTHORIZATION_INVALID', `oauth1: ${reason}.`)
}
