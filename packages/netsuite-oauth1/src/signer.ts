import { EzError, type Signer, whenReady } from '@ez/core'
import { createSigner, type Identity } from './create-signer.ts'
import { diagnoseNetSuite } from './diagnose.ts'
import { isOtherAccount, realmOf } from './netsuite/account.ts'
import {
  checkNetSuiteCredentials,
  checkNetSuiteOptions,
  type NetSuiteCredentials,
  type NetSuiteOptions,
} from './options.ts'
import { createKeyCache } from './parameters/keys.ts'
import { type FixedParameters, prepareProtocol } from './parameters/protocol.ts'
import { hmacSha256 } from './signature.ts'

const id = 'netsuite-oauth1'

// HMAC-SHA1 ended with NetSuite 2023.1.
const fixed: FixedParameters = {
  protocol: [
    ['oauth_signature_method', 'HMAC-SHA256'],
    ['oauth_version', '1.0'],
  ],
  extra: [],
}

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
  const cached = createKeyCache(
    hmacSha256,
    (keys, realm): Identity => ({
      keys,
      protocol: prepareProtocol(fixed, keys, realm),
      checkHost(host) {
        // NetSuite would answer with a login error that does not tell why.
        if (isOtherAccount(realm, host))
          throw new EzError(
            'EZ_NETSUITE_ACCOUNT_MISMATCH',
            `${id}: the host ${host} does not belong to the account ${realm}. Correct the URL or accountId.`,
          )
      },
    }),
  )
  const identityOf = (given: NetSuiteCredentials): Identity =>
    cached({ ...given, token: given.tokenId }, realmOf(given.accountId))
  const own = credentials ? undefined : identityOf(options as NetSuiteCredentials)
  return createSigner({
    id,
    fixed,
    diagnose: diagnoseNetSuite,
    identify: (context) =>
      own ??
      whenReady((credentials as NonNullable<typeof credentials>)(context), (given) => {
        checkNetSuiteCredentials(id, given)
        return identityOf(given)
      }),
  })
}
