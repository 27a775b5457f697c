import { type ResolvedRequest, reveal } from '@ez/core'
import { fromBase64, utf8 } from '@ez/core/crypto'
import { askOption, isUsableSecret, receive } from '@ez/core/received'
import { invalid, readClaim } from './claim.ts'
import { expectedOf } from './expected.ts'
import { settingsOf, type VerifiedCosmosAuth, type VerifyCosmosAuthOptions } from './options.ts'
import { refusal } from './refusal.ts'

export type { VerifiedCosmosAuth, VerifierSecret, VerifyCosmosAuthOptions } from './options.ts'
export type { RefusalCode } from './refusal.ts'

const verifier = 'verify cosmos-auth'

/**
 * Verifies the authorization of a Cosmos DB request as the gateway would. The body is not read.
 *
 * Source: REST API, "Access control on Azure Cosmos DB resources".
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_SIGNATURE_MISMATCH (`details.stages`), EZ_CLOCK_SKEW (`details.clockOffsetMs`), EZ_REQUEST_INVALID,
 * EZ_OPTION_INVALID
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
  const { now, maxSkewSeconds } = settingsOf(options)
  const received = receive(verifier, request, options.url)
  const url = received.absoluteUrl()
  const { kind, signature } = readClaim(received.header('authorization'))
  const keyId = url.host
  const nothing = { method: false, host: false, path: false, query: [], headers: [], body: 'none' } as const
  if (kind !== 'master') {
    const isAccepted = await askOption(verifier, 'tokenAccepted', () =>
      options.tokenAccepted?.(kind, signature),
    )
    if (!isAccepted) throw refusal('EZ_KEY_UNKNOWN', `the ${kind} token is not accepted.`)
    return { keyId, kind, signedNames: [], covers: nothing, resource: undefined, body: null }
  }
  const found = await askOption(verifier, 'secretFor', () => options.secretFor(keyId))
  const keys = (Array.isArray(found) ? found : [found]).filter(isUsableSecret)
  if (keys.length === 0) throw refusal('EZ_KEY_UNKNOWN', `${keyId} is not known here.`)
  const xMsDate = received.header('x-ms-date')
  const date = received.header('date') ?? ''
  const { payload, type, link, isPathSigned } = expectedOf(
    received.method,
    url,
    received.calledUrl,
    xMsDate,
    date,
  )
  const matches = await Promise.all(keys.map((key) => isSignature(reveal(key), payload, signature)))
  if (!matches.includes(true))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      stages: { 'string-to-sign': payload },
    })
  checkDate(xMsDate ?? date, now, maxSkewSeconds, options.maxAheadSeconds ?? 300)
  const dateName = xMsDate === undefined ? 'date' : 'x-ms-date'
  return {
    keyId,
    kind,
    signedNames: ['method', 'resource type', 'resource link', dateName],
    covers: { ...nothing, method: true, path: isPathSigned, headers: [dateName] },
    resource: { type, link },
    body: null,
  }
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
  const age = now.getTime() - time
  if (!(age <= maxSkewSeconds * 1000 && -age <= maxAheadSeconds * 1000))
    throw refusal('EZ_CLOCK_SKEW', `the request is ${Math.round(age / 1000)} seconds old.`, {
      clockOffsetMs: age,
    })
}
