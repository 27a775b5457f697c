import type { Provider, Signer } from '@ez/core'
import { type Account, checkAccountHost, parseAccountId } from './account.ts'
import { diagnoseNetSuite } from './diagnose.ts'
import { createKeyCache } from './keys.ts'
import {
  checkNetSuiteOptions,
  type NetSuiteCredentials,
  type NetSuiteOptions,
  netsuiteSchema,
} from './netsuite-options.ts'
import { createSigner, type Identity } from './signer.ts'

const id = 'netsuite-oauth1'

/**
 * A signer for NetSuite token-based authentication: SuiteQL, REST records and RESTlets.
 *
 * OAuth 1.0a with HMAC-SHA256; the realm comes from `accountId`, and a URL of another account is
 * refused. Query parameters, `script` and `deploy` among them, are signed and stay out of the header.
 *
 * Source: Oracle NetSuite Help, "Token-based Authentication and Web Services"; RFC 5849.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_NETSUITE_ACCOUNT_MISMATCH, EZ_OAUTH1_PARAMETER_RESERVED when it signs
 *
 * @example
 * ```ts
 * import { prepare } from '@ez/core'
 * import { netsuiteOAuth1 } from '@ez/netsuite-oauth1'
 *
 * const prepared = await prepare({
 *   method: 'POST',
 *   url: 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=10&offset=0',
 *   headers: { prefer: 'transient' },
 *   body: { json: { q: 'SELECT id FROM customer' } },
 *   preRequest: [
 *     netsuiteOAuth1({
 *       accountId: '1234567_SB1',
 *       consumerKey: 'CONSUMER_KEY_VALUE',
 *       consumerSecret: 'CONSUMER_SECRET_VALUE',
 *       tokenId: 'TOKEN_ID_VALUE',
 *       tokenSecret: 'TOKEN_SECRET_VALUE',
 *     }),
 *   ],
 * })
 * console.log(prepared.toCurl({ mask: true }))
 * ```
 */
export function netsuiteOAuth1(options: NetSuiteOptions): Signer {
  checkNetSuiteOptions(id, options)
  const { credentials } = options
  // HMAC-SHA1 ended with NetSuite 2023.1.
  const behaviour = { signatureMethod: 'HMAC-SHA256' } as const
  const keysOf = createKeyCache(behaviour.signatureMethod)
  const identityOf = (account: Account, given: NetSuiteCredentials): Identity => {
    let checked = ''
    return {
      keys: keysOf({ ...given, token: given.tokenId }),
      realm: account.realm,
      checkHost(host) {
        if (host !== checked) checkAccountHost(account, host)
        checked = host
      },
    }
  }
  if (!credentials) {
    const own = options as NetSuiteCredentials
    const identity = identityOf(parseAccountId(own.accountId), own)
    return createSigner({ id, behaviour, diagnose: diagnoseNetSuite, identify: () => identity })
  }
  const identifyGiven = (given: NetSuiteCredentials): Identity => {
    checkNetSuiteOptions(id, given)
    return identityOf(parseAccountId(given.accountId), given)
  }
  return createSigner({
    id,
    behaviour,
    diagnose: diagnoseNetSuite,
    identify(context) {
      const given = credentials(context)
      return given instanceof Promise ? given.then(identifyGiven) : identifyGiven(given)
    },
  })
}

/** `use: '@ez/netsuite-oauth1'` in a request file. */
export const provider: Provider<NetSuiteOptions> = { id, options: netsuiteSchema, create: netsuiteOAuth1 }
