import { EzError, type Pairs, type ResolvedRequest } from '@ez/core'
import { createCanonicalHeaders, valueOfHeader } from './canonical-headers.ts'
import { createCanonicalResource, createCanonicalResourceLite } from './canonical-resource.ts'
import { type StorageService, serviceOf, targetOf } from './target.ts'

/** The request whose parts are signed; its headers hold `x-ms-date`. */
export interface SharedKeyInput {
  /** As it is sent, in upper case. */
  readonly method: string
  /** Absolute, percent-encoded, with the query. */
  readonly url: string
  /** Pairs; names in any case. */
  readonly headers: Pairs
  /** Bytes of the body; of no account for `table`. */
  readonly bodyLength: number
  /** Told from the host when left out; `table` has a string to sign of its own. */
  readonly service?: StorageService
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

/** What the lines of the text hold that Shared Key signs for tables. */
export const tableLineNames: readonly string[] = [
  'method',
  'content-md5',
  'content-type',
  'x-ms-date',
  'resource',
]

/**
 * The text that Shared Key signs.
 *
 * Source: Microsoft Learn, "Authorize with Shared Key", Blob, Queue and File services; Table service.
 */
export function createStringToSign(accountName: string, input: SharedKeyInput): string {
  const { method, bodyLength, url } = input
  const headers = lowerCased(input.headers)
  const of = (name: string): string => valueOfHeader(headers, name)
  const target = targetOf(url)
  if ((input.service ?? serviceOf(target.host)) === 'table') {
    const resource = createCanonicalResourceLite(accountName, target)
    return [method, of('content-md5'), of('content-type'), of('x-ms-date') || of('date'), resource].join('\n')
  }
  // From version 2015-02-21 a length of zero is written as nothing; `date` too when x-ms-date stands for it.
  const own: Readonly<Record<string, string>> = {
    method,
    'content-length': bodyLength === 0 ? '' : String(bodyLength),
    date: '',
  }
  const lines = lineNames.map((name) => own[name] ?? of(name))
  return `${lines.join('\n')}\n${createCanonicalHeaders(headers)}${createCanonicalResource(accountName, target)}`
}

/** The text that Shared Key Lite signs. Source: the same page, Blob, Queue and File services; Table service. */
export function createStringToSignLite(accountName: string, input: SharedKeyInput): string {
  const headers = lowerCased(input.headers)
  const of = (name: string): string => valueOfHeader(headers, name)
  const target = targetOf(input.url)
  const resource = createCanonicalResourceLite(accountName, target)
  if ((input.service ?? serviceOf(target.host)) === 'table')
    return `${of('x-ms-date') || of('date')}\n${resource}`
  return `${input.method}\n${of('content-md5')}\n${of('content-type')}\n\n${createCanonicalHeaders(headers)}${resource}`
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
