import { type ResolvedRequest, reveal } from '@ez/core'
import { equalInConstantTime, fromBase64, toBase64, utf8 } from '@ez/core/crypto'
import { askOption, isUsableSecret, type VerifierSettings } from '@ez/core/received'
import { type Claim, readClaim } from './claim.ts'
import { coversOfKey, coversOfSas } from './covered.ts'
import { expectedString, type Reading } from './expected.ts'
import { expectedAccountSas, expectedServiceSas } from './expected-sas.ts'
import { md5 } from './md5.ts'
import {
  settingsOf,
  type UserDelegation,
  type VerifiedAzureStorage,
  type VerifyAzureStorageOptions,
} from './options.ts'
import { type Received, receiveTarget } from './received.ts'
import { refusal } from './refusal.ts'
import { checkedSas, checkTimes, checkUnsigned } from './sas.ts'
import { servedBy } from './served.ts'

export type {
  StoredAccessPolicy,
  UserDelegation,
  VerifiedAzureStorage,
  VerifiedSas,
  VerifierSecret,
  VerifyAzureStorageOptions,
} from './options.ts'
export type { RefusalCode } from './refusal.ts'

/**
 * Verifies the signature of a received request as Azure Storage does. Whether a shared access signature allows the
 * operation is for the caller to decide, by `permissions`; protocol, address, service and kind of resource are held
 * against the request where it tells, and given back in `sas`.
 *
 * It shares no canonicalisation with the signer. The key is looked up before the body is read.
 *
 * Source: Microsoft Learn, "Authorize with Shared Key", "Create an account SAS", "Create a service SAS", "Create a user
 * delegation SAS".
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW (`details.clockOffsetMs`), EZ_SIGNATURE_EXPIRED, EZ_SIGNATURE_MISMATCH (`details.stages`),
 * EZ_SCOPE_MISMATCH, EZ_BODY_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
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
  const settings = settingsOf(options)
  const received = receiveTarget(request, options.url)
  const claim = readClaim(received)
  return claim.scheme === 'SAS'
    ? verifySas(received, claim, options, settings.now)
    : verifyHeader(received, claim, options, settings)
}

async function verifyHeader(
  received: Received,
  { scheme, accountName, signature }: Exclude<Claim, { scheme: 'SAS' }>,
  options: VerifyAzureStorageOptions,
  { now, maxSkewSeconds, maxBodyBytes }: VerifierSettings,
): Promise<VerifiedAzureStorage> {
  const { headers } = received
  if (options.accountName !== undefined && options.accountName !== accountName)
    throw refusal('EZ_KEY_UNKNOWN', `the account "${accountName}" is not the one that is served.`)
  const { service, isTold } = servedBy(received, accountName, options.service, true)
  const keys = await keysOf(accountName, undefined, options)
  const age = now.getTime() - Date.parse(headers.get('x-ms-date') ?? headers.get('date') ?? '')
  if (Number.isNaN(age)) throw refusal('EZ_AUTHORIZATION_INVALID', 'there is no date that can be read.')
  if (!(Math.abs(age) <= maxSkewSeconds * 1000))
    throw refusal('EZ_CLOCK_SKEW', `the request is ${age / 1000} seconds old.`, { clockOffsetMs: age })
  const isLite = scheme === 'SharedKeyLite'
  // An address tells no service: tables are signed in a way of their own.
  const readings = (isTold ? [service === 'table'] : [false, true]).map((isTable) => ({ isTable, isLite }))
  const digest = headers.get('content-md5') || undefined
  const body = digest !== undefined || !isLite ? await received.readBody(maxBodyBytes) : undefined
  const strings = readings.map((one) => expectedString(accountName, received, one, body?.length ?? 0))
  const reading = readings[await matching(keys, strings, signature)] as Reading
  const covered = coversOfKey(received, reading, false)
  const isDigestSigned = digest !== undefined && covered.headers.includes('content-md5')
  if (isDigestSigned && body && !equalInConstantTime(toBase64(md5(body)), digest))
    throw refusal('EZ_BODY_MISMATCH', 'the body does not have the digest that is signed as content-md5.')
  const covers = isDigestSigned ? coversOfKey(received, reading, true) : covered
  const extensions = covers.headers.filter((name) => name.startsWith('x-ms-'))
  return {
    keyId: accountName,
    scheme,
    signedNames: [
      ...(covers.method ? ['method'] : []),
      'path',
      ...(covers.query === 'all' ? ['query'] : []),
      ...extensions,
    ],
    covers,
    permissions: '',
    sas: undefined,
    body: isDigestSigned ? (body ?? null) : null,
  }
}

async function verifySas(
  received: Received,
  { signature, parameters }: Extract<Claim, { scheme: 'SAS' }>,
  options: VerifyAzureStorageOptions,
  now: Date,
): Promise<VerifiedAzureStorage> {
  const { accountName } = options
  if (accountName === undefined)
    throw refusal('EZ_KEY_UNKNOWN', 'a shared access signature names no account. Give accountName.')
  const of = (name: string): string => parameters.get(name) ?? ''
  const served = servedBy(received, accountName, options.service ?? serviceOfSas(received, of), false)
  const keys = await keysOf(accountName, delegationOf(of), options)
  const isAccount = of('srt') !== ''
  const expected = isAccount
    ? expectedAccountSas(accountName, of)
    : expectedServiceSas(accountName, received, served, of)
  checkUnsigned(parameters, expected)
  await matching(keys, [expected.stringToSign], signature)
  const sas = await checkedSas(received, expected, served, options, of)
  checkTimes(sas, now)
  const covers = coversOfSas(expected, of)
  return {
    keyId: accountName,
    scheme: isAccount ? 'AccountSAS' : of('skoid') === '' ? 'ServiceSAS' : 'UserDelegationSAS',
    signedNames: covers.path ? ['path'] : [],
    covers,
    permissions: sas.permissions,
    sas,
    body: null,
  }
}

// Where the host does not tell: only tables have tn, only blobs sr.
function serviceOfSas({ url }: Received, of: (name: string) => string): 'queue' | 'table' | undefined {
  const isTold = /\.(blob|dfs|web|queue|table|file)\./.test(url.hostname)
  if (isTold || of('srt') !== '' || of('sr') !== '') return undefined
  return of('tn') === '' ? 'queue' : 'table'
}

function delegationOf(of: (name: string) => string): UserDelegation | undefined {
  if (of('skoid') === '') return undefined
  return {
    objectId: of('skoid'),
    tenantId: of('sktid'),
    startsOn: of('skt'),
    expiresOn: of('ske'),
    service: of('sks'),
    version: of('skv'),
  }
}

async function keysOf(
  accountName: string,
  delegation: UserDelegation | undefined,
  options: VerifyAzureStorageOptions,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const found = await askOption('verify azure-storage', 'secretFor', () =>
    delegation ? options.secretFor(accountName, delegation) : options.secretFor(accountName),
  )
  const secrets = (Array.isArray(found) ? found : [found]).filter(isUsableSecret)
  const keys = secrets.flatMap((secret) => fromBase64(reveal(secret)) ?? []).filter((key) => key.length > 0)
  if (secrets.length === 0) throw refusal('EZ_KEY_UNKNOWN', `there is no account "${accountName}".`)
  return keys as Uint8Array<ArrayBuffer>[]
}

/** The place of the string that was signed. @throws EZ_SIGNATURE_MISMATCH */
async function matching(
  keys: readonly Uint8Array<ArrayBuffer>[],
  strings: readonly string[],
  signature: string,
): Promise<number> {
  const bytes = fromBase64(signature)
  for (const raw of bytes ? keys : []) {
    const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, [
      'verify',
    ])
    for (const [index, text] of strings.entries())
      if (await crypto.subtle.verify('HMAC', key, bytes as Uint8Array<ArrayBuffer>, utf8(text))) return index
  }
  throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
    stages: { 'string-to-sign': withoutSecrets(strings[0] ?? '') },
  })
}

// Keys to encrypt with, and tokens for a source to copy from; both are signed as they are sent.
const secretHeader = /^(x-ms-encryption-key|x-ms-copy-source-authorization):.*$/gm

/** A string to sign as it may be logged. */
function withoutSecrets(stringToSign: string): string {
  return stringToSign.replace(secretHeader, '$1:***')
}
