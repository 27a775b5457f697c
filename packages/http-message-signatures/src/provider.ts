import type { Provider } from '@ez/core'
import { type HttpMessageSignaturesOptions, optionsSchema } from './options.ts'
import { httpMessageSignatures, id } from './signer.ts'

/** What `use: '@ez/http-message-signatures'` in a request file loads. */
export const provider: Provider<HttpMessageSignaturesOptions> = {
  id,
  options: optionsSchema,
  create: httpMessageSignatures,
}
