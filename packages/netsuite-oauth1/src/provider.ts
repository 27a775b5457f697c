import type { Provider } from '@ez/core'
import { type NetSuiteOptions, netsuiteSchema } from './options.ts'
import { netsuiteOAuth1 } from './signer.ts'

/** What `use: '@ez/netsuite-oauth1'` in a request file loads. */
export const provider: Provider<NetSuiteOptions> = {
  id: 'netsuite-oauth1',
  options: netsuiteSchema,
  create: netsuiteOAuth1,
}
