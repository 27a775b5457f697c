import { EzError, type Pairs, type ResolvedRequest } from '@ez/core'
import { fromBase64, utf8 } from '@ez/core/crypto'
import { expectPayload } from './verify/payload.ts'

/** Options of `verifyCosmosAuth`. */
export interface VerifyCosmosAuthOptions {
  /** The master keys of an account (host of the URL), in base64; `undefined` when the account is unknown. */
  readonly secretFor: (
    keyId: string,
  ) => string | readonly string[] | undefined | Promise<string | readonly string[] | undefined>
  /** Decides on resource and Entra tokens, which are not signatures of the request; default: none is accepted. */
  readonly tokenAccepted?: (kind: 'resource' | 'aad', token: string) => boolean | Promise<boolean>
  /** Default: the system clock. */
  readonly now?: () => Date
  /** Seconds that the date may lie back (default 900). */
  readonly maxSkewSeconds?: number
  /** Seconds that the date may lie ahead (default 300). */
  readonly maxAheadSeconds?: number
  /** What the client called, when a proxy changed it. */
  readonly url?: string
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

/**
 * Verifies the authorization of a Cosmos DB request as the gateway would. The body is not read.
 *
 * Source: REST API, "Access control on Azure Cosmos DB resources".
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN, EZ_SIGNATURE_MISMATCH (its
 * `details.payload` is what was expected), EZ_CLOCK_SKEW
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
  received: Request | ResolvedRequest,
  options: VerifyCosmosAuthOptions,
): Promise<VerifiedCosmosAuth> {
  const read = headerReader(received)
  const url = new URL(options.url ?? received.url)
  const { kind, signature } = readAuthorization(read('authorization'))
  const keyId = url.host
  if (kind !== 'master') {
    if (!(await options.tokenAccepted?.(kind, signature)))
      throw new EzError('EZ_KEY_UNKNOWN', `cosmos-auth: the ${kind} token is not accepted.`)
    return { keyId, kind, signedNames: [], body: null }
  }
  const found = await options.secretFor(keyId)
  if (found === undefined) throw new EzError('EZ_KEY_UNKNOWN', `cosmos-auth: ${keyId} is not known here.`)
  const xMsDate = read('x-ms-date')
  const date = read('date') ?? ''
  const payload = expectPayload(received.method, url, xMsDate, date)
  const keys = typeof found === 'string' ? [found] : found
  const matches = await Promise.all(keys.map((key) => isSignature(key, payload, signature)))
  if (!matches.includes(true))
    throw new EzError('EZ_SIGNATURE_MISMATCH', 'cosmos-auth: the signature is not that of this request.', {
      details: { payload },
    })
  checkDate(xMsDate ?? date, options)
  const signedNames = [
    'method',
    'resource type',
    'resource link',
    xMsDate === undefined ? 'date' : 'x-ms-date',
  ]
  return { keyId, kind, signedNames, body: null }
}

function headerReader(received: Request | ResolvedRequest): (name: string) => string | undefined {
  const { headers } = received
  if (!Array.isArray(headers)) return (name) => (headers as Headers).get(name) ?? undefined
  return (name) => {
    const found = (headers as Pairs).filter(([key]) => key.toLowerCase() === name)
    if (found.length > 1) throw invalid(`there are two ${name} headers`)
    return found[0]?.[1]
  }
}

function readAuthorization(header: string | undefined): {
  kind: 'master' | 'resource' | 'aad'
  signature: string
} {
  if (header === undefined)
    throw new EzError('EZ_AUTHORIZATION_MISSING', 'cosmos-auth: there is no authorization header.')
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
  if (!key || !bytes) return false
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ])
  return crypto.subtle.verify('HMAC', imported, bytes, utf8(payload))
}

function checkDate(date: string, options: VerifyCosmosAuthOptions): void {
  const time = Date.parse(date)
  if (Number.isNaN(time)) throw invalid('the date cannot be read')
  const skew = Math.round((time - (options.now?.() ?? new Date()).getTime()) / 1000)
  if (skew < -(options.maxSkewSeconds ?? 900) || skew > (options.maxAheadSeconds ?? 300))
    throw new EzError('EZ_CLOCK_SKEW', `cosmos-auth: the date is ${skew} seconds from the server's clock.`, {
      details: { skewSeconds: skew },
    })
}

function invalid(reason: string): EzError {
  return new EzError('EZ_AUTHORIZATION_INVALID', `cosmos-auth: ${reason}.`)
}
