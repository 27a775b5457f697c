import { EzError, type Pairs, type ResolvedRequest } from '@ez/core'
import { createCanonicalHeaders, valueOfHeader } from './canonical-headers.ts'
import { createCanonicalResource, createCanonicalResourceLite, targetOf } from './canonical-resource.ts'

/** The request whose parts are signed; its headers hold `x-ms-date`. */
export interface SharedKeyInput {
  readonly method: string
  readonly url: string
  readonly headers: Pairs
  /** Bytes of the body. */
  readonly bodyLength: number
}

/** What the first lines of the text that Shared Key signs hold. */
export const lineNames: readonly string[] = [
  'method',
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
]

/**
 * The text that Shared Key signs.
 *
 * Source: Microsoft Learn, "Authorize with Shared Key", Blob, Queue and File services.
 */
export function createStringToSign(accountName: string, input: SharedKeyInput): string {
  const { method, bodyLength } = input
  const headers = lowerCased(input.headers)
  // From version 2015-02-21 a length of zero is written as nothing; `date` too when x-ms-date stands for it.
  const own: Readonly<Record<string, string>> = {
    method,
    'content-length': bodyLength === 0 ? '' : String(bodyLength),
    date: '',
  }
  const lines = lineNames.map((name) => own[name] ?? valueOfHeader(headers, name))
  return `${lines.join('\n')}\n${createCanonicalHeaders(headers)}${createCanonicalResource(accountName, targetOf(input.url))}`
}

/** The text that Shared Key Lite signs. Source: the same page, Blob, Queue and File services. */
export function createStringToSignLite(
  accountName: string,
  { method, url, headers: given }: SharedKeyInput,
): string {
  const headers = lowerCased(given)
  const of = (name: string): string => valueOfHeader(headers, name)
  const resource = createCanonicalResourceLite(accountName, targetOf(url))
  return `${method}\n${of('content-md5')}\n${of('content-type')}\n\n${createCanonicalHeaders(headers)}${resource}`
}

function lowerCased(headers: Pairs): Pairs {
  return headers.map(([name, value]) => [name.toLowerCase(), value] as const)
}

/** The bytes of a body. @throws EZ_BODY_UNSIGNABLE for a stream whose length is not known */
export function lengthOf({ body, bodyLength }: ResolvedRequest): number {
  const length = body === null ? 0 : body instanceof Uint8Array ? body.length : bodyLength
  if (length !== undefined) return length
  throw new EzError(
    'EZ_BODY_UNSIGNABLE',
    'azure-storage: the length of a stream is part of the signature. Give the length with the stream.',
  )
}
