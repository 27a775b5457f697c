import type { Diagnosis } from '@ez/core'

/** How the refused request was authorized. */
export type Kind = 'key' | 'sas'

/** What a refusal means, by its code and text. */
export interface Refusal {
  readonly code: string
  /** What its detail or message says; any, when left out. */
  readonly says?: RegExp
  /** For which kind of authorization; both, when left out. */
  readonly kind?: Kind
  readonly cause: Diagnosis['cause']
  readonly sentence: string
}

const anyKey =
  'Azure Storage refused the authorization and does not say what it expected. Check accountName, that accountKey is a key of this account and was not rotated, and the clock.'
const anySas =
  'Azure Storage refused the shared access signature and does not say why. Check that it has not expired, that accountName and accountKey are those of the URL, and that the stored access policy, if it names one, still stands.'
const firewall = "The account's firewall answers so as well: see its networking rules."

const credential = (code: string, sentence: string, kind?: Kind, says?: RegExp): Refusal => ({
  code,
  cause: 'credential',
  sentence,
  ...(kind === undefined ? {} : { kind }),
  ...(says === undefined ? {} : { says }),
})

/**
 * What each refusal means, the most particular first.
 *
 * Source: Microsoft Learn, "Common REST API error codes", "Blob service error codes"; answers of Azurite 3.37.0.
 */
export const refusals: readonly Refusal[] = [
  {
    code: 'AuthenticationFailed',
    says: /not valid in the specified time frame/i,
    cause: 'token-expired',
    sentence:
      'The shared access signature has expired, or does not hold yet. Sign anew, and check the clock.',
  },
  credential(
    'AuthenticationFailed',
    'The stored access policy that sas.identifier names does not stand, or repeats what the signature says. Check its name, and leave permissions and expiresIn to one of the two.',
    'sas',
    /access policy|signed identifier/i,
  ),
  credential('AuthenticationFailed', anySas, 'sas'),
  credential('AuthenticationFailed', anyKey, 'key'),
  credential('AuthorizationFailure', `${anySas} ${firewall}`, 'sas'),
  credential('AuthorizationFailure', `${anyKey} ${firewall}`, 'key'),
  credential(
    'AuthorizationProtocolMismatch',
    "The shared access signature holds for https only. Call https, or sign with sas.protocol 'https,http'.",
  ),
  credential(
    'AuthorizationSourceIPMismatch',
    'The shared access signature holds for other addresses than ours. Check sas.ip.',
  ),
  credential(
    'AuthorizationPermissionMismatch',
    'The shared access signature does not allow this operation. Add its letter to sas.permissions.',
    'sas',
  ),
  credential(
    'AuthorizationPermissionMismatch',
    'The identity may not do this. With an account key that means a lock or policy on the account.',
    'key',
  ),
  credential(
    'AuthorizationServiceMismatch',
    'The shared access signature is not one for this service. Add its letter to sas.services.',
  ),
  credential(
    'AuthorizationResourceTypeMismatch',
    'The shared access signature is not one for this kind of resource. Add its letter to sas.resourceTypes: s for the service, c for containers and queues, o for blobs and messages.',
  ),
  credential(
    'KeyBasedAuthenticationNotPermitted',
    'The account does not allow its keys ("Allow storage account key access" is off), nor signatures made with them. Use a UserDelegationSAS, or a Microsoft Entra token.',
  ),
  credential(
    'InsufficientAccountPermissions',
    'The account may not do this: it is read-only, or disabled. See its state in the portal.',
  ),
  credential('AccountIsDisabled', 'The storage account is disabled. See its state in the portal.'),
  credential(
    'InvalidAuthenticationInfo',
    'The authorization header cannot be read. See that nothing changes it on the way.',
  ),
  credential(
    'NoAuthenticationInformation',
    'The authorization did not arrive. See that nothing on the way removes the header or the query.',
  ),
]

/** The first refusal that fits. */
export function findRefusal(code: string, text: string, kind: Kind): Refusal | undefined {
  return refusals.find(
    (refusal) =>
      refusal.code === code &&
      (refusal.says === undefined || refusal.says.test(text)) &&
      (refusal.kind === undefined || refusal.kind === kind),
  )
}
