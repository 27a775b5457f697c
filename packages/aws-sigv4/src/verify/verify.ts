import { type ResolvedRequest, reveal } from '@ez/core'
import { equalInConstantTime } from '@ez/core/crypto'
import { askOption, isUsableSecret } from '@ez/core/received'
import { checkAge, checkScope, checkSignedNames } from './checks.ts'
import { decodeChunks } from './chunked.ts'
import { type Claim, readClaim } from './claim.ts'
import { coversOf } from './covered.ts'
import { hexOf, hmacSha256, scopeKey, sha256Hex } from './digest.ts'
import { type Expected, expectedOf, withoutSecrets } from './expected.ts'
import {
  isObjectStore,
  readingOf,
  settingsOf,
  type VerifiedAwsSigV4,
  type VerifierSecret,
  type VerifyAwsSigV4Options,
} from './options.ts'
import { payloadOf } from './payload.ts'
import { receiveTarget } from './received.ts'
import { refusal } from './refusal.ts'

export type { VerifiedAwsSigV4, VerifierSecret, VerifyAwsSigV4Options } from './options.ts'
export type { RefusalCode } from './refusal.ts'

/**
 * Verifies a request signed with AWS Signature Version 4, in the header, presigned or chunked, as a
 * service does.
 *
 * It shares no canonicalisation with the signer and works on WebCrypto. `host` and every `x-amz-*` header
 * must be signed, but `x-amz-content-sha256`, whose value is signed as the line of the payload; two authorizations and
 * repeated `X-Amz-*` parameters are refused. A signed `Date` serves where there is no `x-amz-date`. The key is looked
 * up before the body is read.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_TOKEN_MISMATCH, EZ_SCOPE_MISMATCH, EZ_CLOCK_SKEW (`details.clockOffsetMs`), EZ_SIGNATURE_EXPIRED,
 * EZ_HEADER_UNSIGNED, EZ_SIGNATURE_MISMATCH (`details.stages`), EZ_BODY_UNSIGNED,
 * EZ_BODY_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { keyId, body } = await verifyAwsSigV4(request, {
 *     service: 's3',
 *     region: 'us-east-1',
 *     secretFor: (id) => (id === 'AKIDEXAMPLE' ? 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' : undefined),
 *   })
 *   return new Response(`${keyId} sent ${await new Response(body as BodyInit).text()}`)
 * }
 * ```
 */
export async function verifyAwsSigV4(
  request: Request | ResolvedRequest,
  options: VerifyAwsSigV4Options,
): Promise<VerifiedAwsSigV4> {
  const { now, maxSkewSeconds, maxBodyBytes } = settingsOf(options)
  const received = receiveTarget(request, options.url)
  const claim = readClaim(received)
  const [, region, service] = claim.scope
  const reading = readingOf(options, service)
  checkScope(claim, options)
  checkAge(claim, now, maxSkewSeconds)
  checkSignedNames(claim, received, reading.signSessionToken)
  const known = await askOption('verify aws-sigv4', 'secretFor', () => options.secretFor(claim.keyId))
  const secretAccessKey = secretOf(known, claim)

  const payload = await payloadOf(received, claim, {
    isObjectStore: isObjectStore(service),
    allowUnsigned: options.allowUnsignedPayload ?? false,
    maxBodyBytes,
  })
  const key = await scopeKey(secretAccessKey, claim.scope)
  const { path } = await matching(
    expectedOf(received, claim, reading, payload.signedHash, payload.body?.length),
    claim,
    key,
  )
  if (payload.actualHash !== undefined && !equalInConstantTime(payload.actualHash, payload.signedHash))
    throw refusal('EZ_BODY_MISMATCH', 'the body is not the one that was signed.')
  const body = payload.chunked
    ? decodeChunks(received.takeBody(), payload.chunked, claim, key)
    : (payload.body ?? new Uint8Array())
  const covers = coversOf(received, claim, payload, reading.signSessionToken)
  return {
    keyId: claim.keyId,
    region,
    service,
    signedAt: claim.signedAt,
    signedNames: claim.signedNames,
    path,
    covers,
    body: covers.body === 'all' ? body : null,
    ...(covers.body === 'none' && options.allowUnsignedPayload ? { unsignedBody: body } : {}),
  }
}

/** The reading of the request to which the signature belongs. @throws EZ_SIGNATURE_MISMATCH */
async function matching(readings: readonly Expected[], claim: Claim, key: CryptoKey): Promise<Expected> {
  const stages: Record<string, string> = {}
  for (const expected of readings) {
    const stringToSign = [
      'AWS4-HMAC-SHA256',
      claim.amzDate,
      claim.scope.join('/'),
      await sha256Hex(expected.canonicalRequest),
    ].join('\n')
    if (equalInConstantTime(hexOf(await hmacSha256(key, stringToSign)), claim.signature)) return expected
    stages['canonical-request'] ??= withoutSecrets(expected.canonicalRequest)
    stages['string-to-sign'] ??= stringToSign
  }
  throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', { stages })
}

function secretOf(known: VerifierSecret, claim: { keyId: string; sessionToken?: string }): string {
  const temporary =
    typeof known === 'object' && known !== null && 'secretAccessKey' in known ? known : undefined
  const secretAccessKey = temporary ? temporary.secretAccessKey : known
  if (!isUsableSecret(secretAccessKey)) throw refusal('EZ_KEY_UNKNOWN', `there is no key "${claim.keyId}".`)
  if (temporary) {
    const token = isUsableSecret(temporary.sessionToken) ? reveal(temporary.sessionToken) : ''
    if (!equalInConstantTime(token, claim.sessionToken ?? ''))
      throw refusal('EZ_TOKEN_MISMATCH', `the session token is not the one of key "${claim.keyId}".`)
  }
  return reveal(secretAccessKey)
}
