import type { DemoRequest } from '../model.ts'
import { amazonLogin, spApiSigner } from '../signers.ts'
import { spapiPost } from './spapi-post.ts'

/** The same report, with a Login with Amazon token that the signature covers. */
export const spapiLwa: DemoRequest = {
  ...spapiPost,
  name: 'spapi-lwa',
  title: 'Create a report, logged in with Amazon',
  steps: () => [amazonLogin(), spApiSigner],
  refused: {
    ...spapiPost.refused,
    'wrong-key': { code: 'EZ_TOKEN_REFUSED', says: 'invalid_client' },
  },
  note: 'The wrong key is the client secret: Login with Amazon gives no token, and nothing is sent to SP-API.',
}
