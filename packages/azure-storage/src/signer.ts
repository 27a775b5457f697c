import { EzError, type ResolvedRequest, type SignContext, type Signer, type SignResult } from '@ez/core'
import { type Identity, identityOf } from './credentials.ts'
import { diagnoseAzureStorage } from './diagnose.ts'
import { type AzureStorageOptions, checkAzureStorageOptions, defaultVersion } from './options.ts'
import { createAccountSas, createServiceSas, sasNames } from './sas.ts'
import { createSignature } from './signature.ts'
import { createStringToSign, createStringToSignLite, lengthOf } from './string-to-sign.ts'

export const id = 'azure-storage'

/**
 * A signer for Azure Storage, Blob and Queue: Shared Key, Shared Key Lite and shared access signatures.
 *
 * `SharedKey` and `SharedKeyLite` write `authorization`, `x-ms-date` and `x-ms-version`; the `SAS` schemes
 * write query parameters. Trace stages: `string-to-sign`, `signature`. The body's length is signed, not the body.
 *
 * Source: Microsoft Learn, "Authorize with Shared Key", "Create an account SAS", "Create a service SAS".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CREDENTIAL_INVALID; when signing also
 * EZ_BODY_UNSIGNABLE, EZ_CLOCK_INVALID, EZ_AZURE_RESOURCE_UNKNOWN
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
  const fixed = typeof credentials === 'function' ? undefined : identityOf(credentials)
  const signAs = scheme.endsWith('SAS') ? signQuery : signHeader
  return {
    specVersion: 1,
    id,
    writes: scheme.endsWith('SAS')
      ? { headers: [], query: sasNames }
      : { headers: ['authorization', 'x-ms-date', 'x-ms-version'], query: [] },
    diagnose: diagnoseAzureStorage,
    async sign(request, context) {
      const identity =
        fixed ?? identityOf(typeof credentials === 'function' ? await credentials(context) : credentials)
      return signAs(identity, options, request, instantOf(context))
    },
  }
}

function instantOf(context: SignContext): number {
  const instant = context.now().getTime()
  if (Number.isNaN(instant)) throw new EzError('EZ_CLOCK_INVALID', `${id}: the clock gave no instant.`)
  return instant
}

function signHeader(
  { accountName, key, secrets }: Identity,
  { scheme = 'SharedKey', version = defaultVersion }: AzureStorageOptions,
  request: ResolvedRequest,
  instant: number,
): SignResult {
  const own = { 'x-ms-date': new Date(instant).toUTCString(), 'x-ms-version': version }
  const input = {
    method: request.method,
    url: request.url,
    headers: [...request.headers.filter(([name]) => !Object.hasOwn(own, name)), ...Object.entries(own)],
    bodyLength: lengthOf(request),
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
  { accountName, key, secrets }: Identity,
  { scheme, version = defaultVersion, sas = { permissions: 'r' } }: AzureStorageOptions,
  request: ResolvedRequest,
  instant: number,
): SignResult {
  const input = { accountName, version, sas, now: instant }
  const { stringToSign, parameters } =
    scheme === 'AccountSAS' ? createAccountSas(input) : createServiceSas(input, request.url)
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
