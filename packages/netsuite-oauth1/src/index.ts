export { netsuiteOAuth1, provider } from './netsuite.ts'
export type { NetSuiteCredentials, NetSuiteOptions } from './netsuite-options.ts'
export type { OAuth1Credentials, OAuth1Options, SignatureMethod } from './oauth1.ts'
export { oauth1 } from './oauth1.ts'
