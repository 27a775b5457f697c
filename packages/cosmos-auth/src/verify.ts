import { EzError, type ResolvedRequest, reveal, type Secret } from '@ez/core'
import { fromBase64, utf8 } from '@ez/core/crypto'
import { isUsableSecret, receive, verifierSettings } from '@ez/core/received'
import { expectPayload } from './verify/payload.ts'

/** Why a request is refused. */
export type RefusalCode =
  | 'EZ_AUTHORIZATION_MISSING'
  | 'EZ_AUTHORIZATION_INVALID'
  | 'EZ_AUTHORIZATION_AMBIGUOUS'
  | 'EZ_KEY_UNKNOWN'
  | 'EZ_SIGNATURE_MISMATCH'
  | 'EZ_CLOCK_SKEW'
  | 'EZ_REQUEST_INVALID'

/** The master keys of an account, in base64: one, or the primary and the secondary. */
export type VerifierSecret = string | Secret | readonly (string | Secret)[] | undefined

/** Options of `verifyCosmosAuth`. */
export interface VerifyCosmosAuthOptions {
  /** The keys of an account, which is named by the host of the URL; `undefined` when it is unknown. */
  readonly secretFor: (keyId: string) => VerifierSecret | Promise<VerifierSecret>
  /** Decides on resource and Entra tokens, which are not signatures of the request; default: none is accepted. */
  readonly tokenAccepted?: (kind: 'resource' | 'aad', token: string) => boolean | Promise<boolean>
  /** The clock (default: the system's). */
  readonly now?: Date | (() => Date)
  /** Seconds that the date may lie back (default 900). */
  readonly maxSkewSeconds?: number
  /** Seconds that the date may lie ahead (default 300). */
  readonly maxAheadSeconds?: number
  /** What the client called, when a proxy changed it. */
  readonly url?: string
  /** Bytes, as every verifier takes it; without effect, since this one reads no body. */
  readonly maxBodyBytes?: number
}

/** What a right authorization proves. */
export interface VerifiedCosmosAuth {
  /** The host of the account. */
  readonly keyId: string
  readonly kind: 'master' | 'resource' | 'aad'
  /** What the signature covers; empty for tokens. */
  readonly signedNames: readonly string[]
  /** Always `null`: the scheme never signs a body. */
  readonly body: null
}

const rules = {
  tokenAccepted: 'function?',
  maxAheadSeconds: 'number?',
}

/**
 * Verifies the authorization of a Cosmos DB request as the gateway would. The body is not read.
 *
 * Source: REST API, "Access control on Azure Cosmos DB resources".
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_SIGNATURE_MISMATCH (its
 * `details.payload` is what was expected), EZ_CLOCK_SKEW, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyCosmosAuth } from '@ez/cosmos-auth/verify'
 *
 * const request = new Request('https://account.documents.azure.com/dbs', { headers: { authorization: '…' } })
 * const verified = await verifyCosmosAuth(request, { secretFor: () => 'bWFzdGVyIGtleQ==' })
 * console.log(verified.kind)
 * ```
 */
export async function verifyCosmosAuth(
  request: Request | ResolvedRequest,
  options: VerifyCosmosAuthOptions,
): Promise<VerifiedCosmosAuth> {
  const settings = verifierSettings('verify cosmos-auth', options, rules, { maxSkewSeconds: 900 })
  const received = receive('verify cosmos-auth', request, options.url)
  const url = received.absoluteUrl()
  const { kind, signature } = readAuthorization(received.header('authorization'))
  const keyId = url.host
  if (kind !== 'master') {
    if (!(await options.tokenAccepted?.(kind, signature)))
      throw refusal('EZ_KEY_UNKNOWN', `the ${kind} token is not accepted.`)
    return { keyId, kind, signedNames: [], body: null }
  }
  const found = await options.secretFor(keyId)
  const keys = (Array.isArray(found) ? found : [found]).filter(isUsableSecret)
  if (keys.length === 0) throw refusal('EZ_KEY_UNKNOWN', `${keyId} is not known here.`)
  const xMsDate = received.header('x-ms-date')
  const date = received.header('date') ?? ''
  const payload = expectPayload(received.method, url, xMsDate, date)
  if (payload === undefined) throw invalid('the path holds a percent triplet that is not UTF-8')
  const matches = await Promise.all(keys.map((key) => isSignature(reveal(key), payload, signature)))
  if (!matches.includes(true))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      payload,
    })
  checkDate(xMsDate ?? date, settings.now, settings.maxSkewSeconds, options.maxAheadSeconds ?? 300)
  const signedNames = [
    'method',
    'resource type',
    'resource link',
    xMsDate === undefined ? 'date' : 'x-ms-date',
  ]
  return { keyId, kind, signedNames, body: null }
}

function readAuthorization(header: string | undefined): {
  kind: 'master' | 'resource' | 'aad'
  signature: string
} {
  if (header === undefined) throw refusal('EZ_AUTHORIZATION_MISSING', 'there is no authorization header.')
  // Ours is percent-encoded, so that a comma stands between two headers that were joined.
  if (header.includes(','))
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'there are two authorization headers.')
  let decoded: string
  try {
    // The gateway decodes as a form is decoded, so a `+` that was not encoded becomes a space.
    decoded = decodeURIComponent(header.replaceAll('+', ' '))
  } catch {
    throw invalid('the header is not percent-encoded')
  }
  const [, kind, version, signature] = /^type=(\w+)&ver=([\d.]+)&sig=(.*)$/is.exec(decoded) ?? []
  if (signature === undefined || version === undefined) throw invalid('the header is not type, ver and sig')
  if (kind === 'resource') return { kind, signature: decoded }
  if (version !== '1.0') throw invalid(`version ${version} is not known`)
  if (kind === 'aad') return { kind, signature }
  if (kind !== 'master') throw invalid(`type ${kind} is not known`)
  // What stands behind a comma is dropped, and only master tokens are short.
  if (header.length > 1024) throw invalid('the header is longer than 1024 characters')
  return { kind, signature: signature.replace(/,.*$/s, '') }
}

async function isSignature(masterKey: string, payload: string, signature: string): Promise<boolean> {
  const [key, bytes] = [fromBase64(masterKey), fromBase64(signature)]
  if (!key || key.length === 0 || !bytes) return false
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ])
  return crypto.subtle.verify('HMAC', imported, bytes, utf8(payload))
}

function checkDate(date: string, now: Date, maxSkewSeconds: number, maxAheadSeconds: number): void {
  const time = Date.parse(date)
  if (Number.isNaN(time)) throw invalid('the date cannot be read')
  const skew = Math.round((time - now.getTime()) / 1000)
  if (!(-skew <= maxSkewSeconds && skew <= maxAheadSeconds))
    throw refusal('EZ_CLOCK_SKEW', `the date is ${skew} seconds from the server's clock.`, {
      skewSeconds: skew,
    })
}

function invalid(reason: string): EzError {
  return refusal('EZ_AUTHORIZATION_INVALID', `${reason}.`)
}

function refusal(code: RefusalCode, message: string, details?: Record<string, unknown>): EzError {
  return new EzError(code, `verify cosmos-auth: ${message}`, details ? { details } : {})
}
