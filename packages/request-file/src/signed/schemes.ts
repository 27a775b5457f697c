import { headerOf, type PreparedRequest } from '@ez/core'
import type { SignedParts, SignedScheme } from './scheme.ts'
import { vendorSchemes } from './vendor-schemes.ts'

const isForm = ({ prepared: { body } }: SignedParts, pattern: RegExp): boolean =>
  body instanceof Uint8Array && pattern.test(new TextDecoder().decode(body))

/** The schemes that are told apart, in the order in which they are looked for. */
export const signedSchemes: readonly SignedScheme[] = [
  ...vendorSchemes,
  {
    id: 'aws-sigv4',
    title: 'AWS Signature Version 4',
    use: '@ez/aws-sigv4',
    status: 403,
    isIn: ({ authorization, query }) =>
      /^AWS4-|^AWS /.test(authorization) || query.has('X-Amz-Algorithm') || query.has('AWSAccessKeyId'),
  },
  {
    id: 'netsuite-oauth1',
    title: 'Oracle NetSuite, token-based authentication',
    use: '@ez/netsuite-oauth1',
    status: 401,
    isIn: (parts) => isOAuth1(parts) && /\.netsuite\.com$/i.test(new URL(parts.prepared.url).hostname),
  },
  {
    id: 'oauth1',
    title: 'OAuth 1.0a',
    use: '@ez/netsuite-oauth1',
    status: 401,
    isIn: isOAuth1,
  },
  {
    id: 'azure-storage',
    title: 'Azure Storage (Shared Key, SAS)',
    use: '@ez/azure-storage',
    status: 403,
    isIn: ({ authorization, query }) =>
      /^SharedKey(?:Lite)? /.test(authorization) || (query.has('sig') && query.has('sv')),
  },
  {
    id: 'cosmos-auth',
    title: 'Azure Cosmos DB',
    use: '@ez/cosmos-auth',
    status: 401,
    isIn: ({ authorization }) => /^type(?:=|%3d)(?:master|resource|aad)/i.test(authorization),
  },
  {
    id: 'http-message-signatures',
    title: 'HTTP Message Signatures (RFC 9421)',
    use: '@ez/http-message-signatures',
    status: 401,
    isIn: ({ header }) => header('signature-input') !== undefined,
  },
  {
    id: 'jwt',
    title: 'A JSON Web Token as bearer',
    use: '@ez/oauth2',
    status: 401,
    isIn: ({ authorization }) => /^Bearer +[\w-]+\.[\w-]+\.[\w-]*$/i.test(authorization),
  },
]

function isOAuth1(parts: SignedParts): boolean {
  const { authorization, query } = parts
  return (
    /^OAuth /i.test(authorization) || query.has('oauth_signature') || isForm(parts, /(?:^|&)oauth_signature=/)
  )
}

/**
 * The scheme that a request was signed by; `undefined` when it shows none that is known.
 *
 * @example
 * import { prepare } from '@ez/core'
 *
 * const prepared = await prepare({ method: 'GET', url: 'https://a.example/', headers: { authorization: 'OAuth realm="x"' } })
 * schemeOf(prepared)?.id // 'oauth1'
 */
export function schemeOf(prepared: PreparedRequest): SignedScheme | undefined {
  const parts: SignedParts = {
    authorization: headerOf(prepared.headers, 'authorization')?.trim() ?? '',
    query: new URL(prepared.url).searchParams,
    header: (name) => headerOf(prepared.headers, name),
    prepared,
  }
  return signedSchemes.find((scheme) => scheme.isIn(parts))
}
