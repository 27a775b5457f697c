import { EzError } from '@ez/core'

const accountForm = /^[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*$/
const accountHost =
  /^([a-z0-9-]+)\.(?:suitetalk|restlets)\.api\.netsuite\.com$|^([a-z0-9-]+)\.app\.netsuite\.com$/

/** The two forms of a NetSuite account ID. */
export interface Account {
  /** Upper case with underscore, `1234567_SB1`: what `realm` and SOAP passports hold. */
  readonly realm: string
  /** Lower case with hyphen, `1234567-sb1`: what host names begin with. */
  readonly hostLabel: string
}

/**
 * Reads an account ID in either form.
 *
 * Source: Oracle NetSuite Help, "The Authorization Headers" and "URLs for Account-Specific Domains".
 *
 * @throws EZ_OPTION_INVALID when it is not an account ID, such as a URL
 */
export function parseAccountId(accountId: string): Account {
  if (!accountForm.test(accountId))
    throw new EzError(
      'EZ_OPTION_INVALID',
      'netsuite-oauth1: accountId must be the account ID alone, such as 1234567 or 1234567_SB1 ' +
        '(Setup > Company > Company Information).',
    )
  return {
    realm: accountId.toUpperCase().replaceAll('-', '_'),
    hostLabel: accountId.toLowerCase().replaceAll('_', '-'),
  }
}

/**
 * Refuses a URL of another account: NetSuite would answer with a login error that does not tell why.
 *
 * Hosts that are not account-specific NetSuite domains pass, so that a gateway or a test server can stand there.
 *
 * @param host in lower case
 * @throws EZ_NETSUITE_ACCOUNT_MISMATCH
 */
export function checkAccountHost(account: Account, host: string): void {
  const match = accountHost.exec(host)
  const label = match?.[1] ?? match?.[2]
  if (label === undefined || label === account.hostLabel || label === 'system') return
  throw new EzError(
    'EZ_NETSUITE_ACCOUNT_MISMATCH',
    `netsuite-oauth1: the URL belongs to account ${label}, the realm to ${account.realm}. ` +
      `Set accountId, or call ${host.replace(label, account.hostLabel)}.`,
    { details: { host, realm: account.realm } },
  )
}
