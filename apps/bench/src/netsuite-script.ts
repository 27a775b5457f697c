import type { RequestTemplate, Signer } from '@ez/core'
import { netsuiteOAuth1 } from '@ez/netsuite-oauth1'

/** The request that signing scripts are measured with. */
export const template: RequestTemplate & { readonly url: string } = {
  method: 'POST',
  url: 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql',
  body: { json: { q: 'SELECT id FROM customer' } },
}

/** What the scripts find under these names. */
export const account = {
  account_id: '1234567_SB1',
  consumer_key: 'CONSUMER_KEY_VALUE',
  consumer_secret: 'CONSUMER_SECRET_VALUE',
  token: 'TOKEN_ID_VALUE',
  token_secret: 'TOKEN_SECRET_VALUE',
}

/** The signer with the credentials of the scripts. */
export function accountSigner(): Signer {
  return netsuiteOAuth1({
    accountId: account.account_id,
    consumerKey: account.consumer_key,
    consumerSecret: account.consumer_secret,
    tokenId: account.token,
    tokenSecret: account.token_secret,
  })
}
