import { type ResolvedRequest, reveal } from '@ez/core'
import { equalInConstantTime } from '@ez/core/crypto'
import { askOption, isUsableSecret } from '@ez/core/received'
import { checkAge, checkScope, checkSignedNames } from './checks.ts'
import { decodeChunks } from './chunked.ts'
import { type Claim, type ClaimForm, readClaim } from './claim.ts'
import { coversOf } from './covered.ts'
import { sha256Hex } from './digest.ts'
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

/** What sets one version of the scheme apart from another. */
export interface VerifierScheme {
  readonly form: ClaimForm
  /** The key that verifies what a secret signed. */
  readonly keyOf: (secretAccessKey: string, claim: Claim) => Promise<CryptoKey>
  readonly isSigned: (key: CryptoKey, stringToSign: string, signature: string) => Promise<boolean>
  /** Checks of the claim that only this version has. */
  readonly check?: (claim: Claim) => void
}

/** Verifies a request under one version of the scheme; see `verifyAwsSigV4`. */
export async function verifyWith(
  request: Request | ResolvedRequest,
  options: VerifyAwsSigV4Options,
  scheme: VerifierScheme,
): Promise<VerifiedAwsSigV4> {
  const { now, maxSkewSeconds, maxBodyBytes } = settingsOf(options)
  const received = receiveTarget(request, options.url)
  const claim = readClaim(received, scheme.form)
  const { region, service } = claim
  const reading = readingOf(options, service)
  checkScope(claim, options)
  scheme.check?.(claim)
  checkAge(claim, now, maxSkewSeconds)
  checkSignedNames(claim, received, reading.signSessionToken)
  const known = await askOption('verify aws-sigv4', 'secretFor', () => options.secretFor(claim.keyId))
  const secretAccessKey = secretOf(known, claim)

  const payload = await payloadOf(received, claim, {
    isObjectStore: isObjectStore(service),
    allowUnsigned: options.allowUnsignedPayload ?? false,
    signedChunks: scheme.form.hasRegion,
    maxBodyBytes,
  })
  const key = await scheme.keyOf(secretAccessKey, claim)
  const { path } = await matching(
    expectedOf(received, claim, reading, payload.signedHash, payload.body?.length),
    claim,
    (stringToSign) => scheme.isSigned(key, stringToSign, claim.signature),
    scheme.form.algorithm,
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
async function matching(
  readings: readonly Expected[],
  claim: Claim,
  isSigned: (stringToSign: string) => Promise<boolean>,
  algorithm: string,
): Promise<Expected> {
  const stages: Record<string, string> = {}
  for (const expected of readings) {
    const stringToSign = [
      algorithm,
      claim.amzDate,
      claim.scope.join('/'),
      await sha256Hex(expected.canonicalRequest),
    ].join('\n')
    if (await isSigned(stringToSign)) return expected
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
