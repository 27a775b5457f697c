import { EzError } from '@ez/core'

const accountForm = /^[A-Z0-9]+(?:_[A-Z0-9]+)*$/
const accountHost = /^([a-z0-9-]+)\.(?:(?:suitetalk|restlets)\.api|app)\.netsuite\.com$/

/**
 * The account ID as `realm` and SOAP passports hold it: upper case with underscore, `1234567_SB1`.
 *
 * Source: Oracle NetSuite Help, "The Authorization Headers" and "URLs for Account-Specific Domains".
 *
 * @param accountId in this form or in that of host names, `1234567-sb1`
 * @throws EZ_OPTION_INVALID when it is not an account ID, such as a URL
 */
export function realmOf(accountId: string): string {
  const realm = accountId.toUpperCase().replaceAll('-', '_')
  if (accountForm.test(realm)) return realm
  throw new EzError('EZ_OPTION_INVALID', 'netsuite-oauth1: accountId must be like 1234567_SB1.')
}

/** What the host names of an account begin with: lower case with hyphen, `1234567-sb1`. */
export function hostLabelOf(accountId: string): string {
  return realmOf(accountId).toLowerCase().replaceAll('_', '-')
}

/** Whether a realm is one; `1234567-sb1` is not. */
export function isRealm(text: string): boolean {
  return accountForm.test(text)
}

/**
 * Whether a host is an account-specific domain of NetSuite, and of another account.
 *
 * Other hosts pass, so that a gateway or a test server can stand there.
 *
 * @param host in lower case
 */
export function isOtherAccount(realm: string, host: string): boolean {
  const label = accountHost.exec(host)?.[1]
  return label !== undefined && label.replaceAll('-', '_') !== realm.toLowerCase()
}
