import { type ResolvedRequest, reveal } from '@ez/core'
import { fromBase64, utf8 } from '@ez/core/crypto'
import { isUsableSecret } from '@ez/core/received'
import { settingsOf, type VerifiedAzureStorage, type VerifyAzureStorageOptions } from './verify/options.ts'
import { type Received, receiveSingle } from './verify/received-single.ts'
import { refusal } from './verify/refusal.ts'
import { expectedAccountSas, expectedServiceSas } from './verify/sas.ts'
import { expectedSharedKey, expectedSharedKeyLite } from './verify/shared-key.ts'

export type { VerifiedAzureStorage, VerifierSecret, VerifyAzureStorageOptions } from './verify/options.ts'
export type { RefusalCode } from './verify/refusal.ts'

/**
 * Verifies the signature of a received request as Azure Storage does; whether a shared access signature
 * allows the operation is for the caller to decide, by `permissions`.
 *
 * It shares no canonicalisation with the signer.
 *
 * Source: Microsoft Learn, "Authorize with Shared Key", "Create an account SAS", "Create a service SAS".
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW, EZ_SIGNATURE_EXPIRED, EZ_SIGNATURE_MISMATCH, EZ_BODY_INVALID,
 * EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyAzureStorage } from '@ez/azure-storage/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { keyId } = await verifyAzureStorage(request, {
 *     accountName: 'myaccount',
 *     secretFor: () => 'bXkgYWNjb3VudCBrZXk=',
 *   })
 *   return new Response(keyId)
 * }
 * ```
 */
export async function verifyAzureStorage(
  request: Request | ResolvedRequest,
  options: VerifyAzureStorageOptions,
): Promise<VerifiedAzureStorage> {
  const { now, maxSkewSeconds, maxBodyBytes } = settingsOf(options)
  const received = await receiveSingle(request, options.url, maxBodyBytes)
  const authorization = received.headers.get('authorization')
  const hasSas = received.url.searchParams.has('sig')
  if (authorization !== undefined && hasSas)
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'there are an authorization header and a sig parameter.')
  if (authorization !== undefined) return verifyHeader(authorization, received, options, now, maxSkewSeconds)
  if (hasSas) return verifySas(received, options, now)
  throw refusal('EZ_AUTHORIZATION_MISSING', 'there is neither an authorization header nor a sig parameter.')
}

async function verifyHeader(
  authorization: string,
  received: Received,
  options: VerifyAzureStorageOptions,
  now: Date,
  maxSkewSeconds: number,
): Promise<VerifiedAzureStorage> {
  const [, scheme, accountName = '', signature = ''] =
    /^(SharedKey|SharedKeyLite) ([a-z0-9-]+):([A-Za-z0-9+/=]+)$/.exec(authorization) ?? []
  if (scheme === undefined)
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the authorization header cannot be read.')
  const expected =
    scheme === 'SharedKey'
      ? expectedSharedKey(accountName, received)
      : expectedSharedKeyLite(accountName, received)
  await checkSignature(accountName, expected, signature, options)
  const { headers } = received
  const age = (now.getTime() - Date.parse(headers.get('x-ms-date') ?? headers.get('date') ?? '')) / 1000
  if (Number.isNaN(age)) throw refusal('EZ_AUTHORIZATION_INVALID', 'there is no date that can be read.')
  if (!(Math.abs(age) <= maxSkewSeconds))
    throw refusal('EZ_CLOCK_SKEW', `the request is ${age} seconds old.`, { clockOffsetMs: age * 1000 })
  const extensions = [...headers.keys()].filter((name) => name.startsWith('x-ms-'))
  return {
    keyId: accountName,
    scheme: scheme as 'SharedKey' | 'SharedKeyLite',
    signedNames: ['method', 'path', ...(scheme === 'SharedKey' ? ['query'] : []), ...extensions],
    permissions: '',
    body: received.body,
  }
}

async function verifySas(
  received: Received,
  options: VerifyAzureStorageOptions,
  now: Date,
): Promise<VerifiedAzureStorage> {
  const { url, body } = received
  const { accountName } = options
  if (accountName === undefined)
    throw refusal('EZ_KEY_UNKNOWN', 'a shared access signature names no account. Give accountName.')
  const of = (name: string): string => {
    const values = url.searchParams.getAll(name)
    if (values.length > 1) throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `there are two parameters ${name}.`)
    return values[0] ?? ''
  }
  const isAccount = of('srt') !== ''
  const expected = isAccount ? expectedAccountSas(accountName, of) : expectedServiceSas(accountName, url, of)
  await checkSignature(accountName, expected, of('sig'), options)
  const [start, end] = [of('st'), of('se')].map((text) => Date.parse(text))
  if (Number.isNaN(end)) throw refusal('EZ_AUTHORIZATION_INVALID', 'the signature has no end: se.')
  if (!(now.getTime() <= (end as number))) throw refusal('EZ_SIGNATURE_EXPIRED', `it held until ${of('se')}.`)
  if (now.getTime() < (start as number)) throw refusal('EZ_CLOCK_SKEW', `it holds from ${of('st')}.`)
  return {
    keyId: accountName,
    scheme: isAccount ? 'AccountSAS' : 'ServiceSAS',
    signedNames: isAccount ? [] : ['path'],
    permissions: of('sp'),
    body,
  }
}

async function checkSignature(
  accountName: string,
  stringToSign: string,
  signature: string,
  options: VerifyAzureStorageOptions,
): Promise<void> {
  const found = await options.secretFor(accountName)
  const secrets = (Array.isArray(found) ? found : [found]).filter(isUsableSecret)
  if (secrets.length === 0) throw refusal('EZ_KEY_UNKNOWN', `there is no account "${accountName}".`)
  const bytes = fromBase64(signature)
  for (const secret of secrets) {
    const raw = fromBase64(reveal(secret))
    if (!bytes || !raw?.length) continue
    const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, [
      'verify',
    ])
    if (await crypto.subtle.verify('HMAC', key, bytes, utf8(stringToSign))) return
  }
  throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
    stringToSign: withoutSecrets(stringToSign),
  })
}

// Keys to encrypt with, and tokens for a source to copy from; both are signed as they are sent.
const secretHeader = /^(x-ms-encryption-key|x-ms-copy-source-authorization):.*$/gm

/** A string to sign as it may be logged. */
function withoutSecrets(stringToSign: string): string {
  return stringToSign.replace(secretHeader, '$1:***')
}
