import { EzError, type ResolvedRequest, type SignContext, type Signer, type SignResult } from '@ez/core'
import { canonicalUrl } from './canonical-url.ts'
import { type Bearer, type CredentialSource, type Identity, identityOf } from './credentials.ts'
import { diagnoseAzureStorage } from './diagnose.ts'
import { type AzureStorageOptions, checkAzureStorageOptions, defaultVersion } from './options.ts'
import { createAccountSas } from './sas/account.ts'
import { resourceOf } from './sas/resource.ts'
import { type Sas, writtenNames } from './sas/sas.ts'
import { createServiceSas } from './sas/service.ts'
import { createSignature } from './signature.ts'
import { createStringToSign, createStringToSignLite, lengthOf } from './string-to-sign.ts'
import { serviceOf, targetOf } from './target.ts'

export const id = 'azure-storage'

/**
 * A signer for Azure Storage, Blob, Queue, Table and File: Shared Key, Shared Key Lite, shared access signatures
 * and Entra tokens.
 *
 * `SharedKey` and `SharedKeyLite` write `authorization`, `x-ms-date` and `x-ms-version`; the `SAS` schemes
 * write query parameters. Trace stages: `string-to-sign`, `signature`. The body's length is signed, not the body; for
 * tables neither. `Bearer` writes an Entra token in the same headers, and signs nothing.
 *
 * Source: Microsoft Learn, "Authorize with Shared Key", "Create an account SAS", "Create a service SAS", "Create a user
 * delegation SAS".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CREDENTIAL_INVALID; when signing also
 * EZ_BODY_UNSIGNABLE, EZ_CLOCK_INVALID, EZ_AZURE_RESOURCE_UNKNOWN, EZ_URL_NOT_SENDABLE
 *
 * @example
 * ```ts
 * import { azureStorage } from '@ez/azure-storage'
 *
 * const signer = azureStorage({
 *   credentials: { accountName: 'myaccount', accountKey: 'bXkgYWNjb3VudCBrZXk=' },
 *   scheme: 'ServiceSAS',
 *   sas: { permissions: 'r', expiresIn: 3600 },
 * })
 * ```
 */
export function azureStorage(options: AzureStorageOptions): Signer {
  checkAzureStorageOptions(options)
  const { credentials, scheme = 'SharedKey' } = options
  const isSas = scheme.endsWith('SAS')
  const fixed = typeof credentials === 'function' ? undefined : identityOf(credentials, scheme)
  const signAs = isSas ? signQuery : signHeader
  return {
    specVersion: 1,
    id,
    writes: isSas
      ? { headers: [], query: writtenNames(options.sas ?? {}) }
      : { headers: ['authorization', 'x-ms-date', 'x-ms-version'], query: [] },
    diagnose: diagnoseAzureStorage,
    ...(isSas ? {} : { canonicalUrl }),
    async sign(request, context) {
      const identity = fixed ?? identityOf(await (credentials as CredentialFunction)(context), scheme)
      return signAs(identity, options, request, instantOf(context))
    },
  }
}

type CredentialFunction = Extract<CredentialSource, (context: SignContext) => unknown>

function instantOf(context: SignContext): number {
  const instant = context.now().getTime()
  if (Number.isNaN(instant)) throw new EzError('EZ_CLOCK_INVALID', `${id}: the clock must give a Date.`)
  return instant
}

function signHeader(
  identity: Identity | Bearer,
  { scheme = 'SharedKey', version = defaultVersion, service }: AzureStorageOptions,
  request: ResolvedRequest,
  instant: number,
): SignResult {
  const own = { 'x-ms-date': new Date(instant).toUTCString(), 'x-ms-version': version }
  const { secrets } = identity
  if ('token' in identity)
    return {
      patch: { headers: { ...own, authorization: `${scheme} ${identity.token}` }, query: [] },
      trace: [],
      secrets,
    }
  const { accountName, key } = identity
  const told = service ?? serviceOf(targetOf(request.url).host)
  const signsLength = scheme === 'SharedKey' && told !== 'table'
  const input = {
    method: request.method,
    url: request.url,
    headers: [...request.headers.filter(([name]) => !Object.hasOwn(own, name)), ...Object.entries(own)],
    bodyLength: signsLength ? lengthOf(request) : 0,
    ...(told === undefined ? {} : { service: told }),
  }
  const stringToSign =
    scheme === 'SharedKey'
      ? createStringToSign(accountName, input)
      : createStringToSignLite(accountName, input)
  const signature = createSignature(key, stringToSign)
  return {
    patch: { headers: { ...own, authorization: `${scheme} ${accountName}:${signature}` }, query: [] },
    trace: [
      { id: 'string-to-sign', value: stringToSign },
      { id: 'signature', value: signature },
    ],
    secrets,
  }
}

// Whoever has a shared access signature has what it allows, so it is masked like a key.
function signQuery(
  identity: Identity | Bearer,
  options: AzureStorageOptions,
  { url }: ResolvedRequest,
  now: number,
): SignResult {
  const { key, secrets } = identity as Identity
  const { stringToSign, parameters } = sasOf(identity as Identity, options, url, now)
  const signature = createSignature(key, stringToSign)
  return {
    patch: { headers: {}, query: [...parameters, ['sig', signature]] },
    trace: [
      { id: 'string-to-sign', value: stringToSign },
      { id: 'signature', value: signature },
    ],
    secrets: [...secrets, signature],
  }
}

function sasOf(
  { accountName, delegation }: Identity,
  options: AzureStorageOptions,
  url: string,
  now: number,
): Sas {
  const { scheme, version = defaultVersion, sas = {} } = options
  const input = { accountName, version, sas, now }
  if (scheme !== 'AccountSAS')
    return createServiceSas(input, resourceOf(accountName, options, url), delegation)
  const foreign = targetOf(url).query.find(([name]) => /^(rsc[cdelt]|ses)$/.test(name))
  if (foreign && (foreign[0] !== 'ses' || sas.encryptionScope === undefined))
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: the URL holds ${foreign[0]}, which AccountSAS does not sign.`,
    )
  return createAccountSas(input)
}
