import { checkOptions, type Pairs, type ResolvedRequest } from '@ez/core'
import { toHex } from '@ez/core/crypto'
import type { Message } from '../component-value.ts'
import { importKeyFor, parseKey } from '../key.ts'
import { type HttpMessageSignaturesOptions, resolveOptions } from '../options.ts'
import { id, type SignedMessage, signMessage } from '../sign-message.ts'
import { createResponseBase, parseResponseComponent, type ResponseComponent } from './component.ts'

/** A response to be signed, as it will be sent. */
export interface UnsignedResponse {
  /** Such as 200. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: Pairs
  /** The bytes as they go out, compressed if they are; `null` without a body. */
  readonly body: Uint8Array | null
}

/** What signing a response needs beside the response. */
export interface SignHttpResponseContext {
  /** The request that is answered: its method and URL are signed too, unless `components` says otherwise. */
  readonly request?: Request | Pick<ResolvedRequest, 'method' | 'url' | 'headers'>
  /** Default: the system's clock. */
  readonly clock?: () => Date
  /** Default: 16 random bytes as hex. */
  readonly nonce?: () => string
}

/**
 * Signs a response; gives the headers to add to it, and what was signed.
 *
 * The options are those of a signer for requests. Components are headers of the response and `@status`; with `req` those
 * of the request that it answers, such as `"@method";req`. Default: `@status`, with a body `content-digest`, and with a
 * request `"@method";req` and `"@target-uri";req`, so that the answer to another request is not taken for this one's.
 *
 * Source: RFC 9421 sections 2.2.9 and 2.4.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CREDENTIAL_INVALID, EZ_COMPONENT_MISSING, EZ_CLOCK_INVALID,
 * EZ_WRITE_CONFLICT (the label is another signature's)
 *
 * @example
 * ```ts
 * import { signHttpResponse } from '@ez/http-message-signatures/response'
 *
 * const key = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=='
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const body = new TextEncoder().encode('{"ok":true}')
 *   const { headers } = await signHttpResponse(
 *     { status: 200, headers: [], body },
 *     { algorithm: 'hmac-sha256', key, keyId: 'test-shared-secret' },
 *     { request },
 *   )
 *   return new Response(body, { headers })
 * }
 * ```
 */
export async function signHttpResponse(
  response: UnsignedResponse,
  options: HttpMessageSignaturesOptions,
  context: SignHttpResponseContext = {},
): Promise<SignedMessage> {
  const { components, label } = resolveOptions(id, options, parseResponseComponent)
  checkOptions(id, context, { request: 'object?', clock: 'function?', nonce: 'function?' })
  const { status, headers, body } = response
  const request = context.request && messageOf(context.request)
  const key = await importKeyFor(id, options.algorithm, parseKey(id, options.algorithm, options.key), 'sign')
  const { clock, nonce } = context
  return signMessage(
    { method: '', url: '', headers, body },
    options,
    { key, label, components: components ?? defaultComponents(body !== null, request !== undefined) },
    {
      now: () => (clock ? clock() : new Date()),
      nonce: () => (nonce ? nonce() : toHex(crypto.getRandomValues(new Uint8Array(16)))),
    },
    (message, covered, parameters) => createResponseBase(status, message, request, covered, parameters),
  )
}

function defaultComponents(hasBody: boolean, hasRequest: boolean): readonly ResponseComponent[] {
  return [
    '@status',
    ...(hasBody ? ['content-digest'] : []),
    ...(hasRequest ? ['"@method";req', '"@target-uri";req'] : []),
  ].map(parseResponseComponent)
}

function messageOf({
  method,
  url,
  headers,
}: Pick<ResolvedRequest, 'method' | 'url'> & { headers: Iterable<readonly [string, string]> }): Message {
  const pairs = [...headers].map(([name, value]) => [name.toLowerCase(), value] as const)
  return { method, url: new URL(url).href.replace(/#.*$/s, ''), headers: pairs }
}
