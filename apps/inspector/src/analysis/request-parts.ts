import type { PreparedRequest } from '@ez/core'

/** A part of a request as it is sent, that a line of a stage may come from. */
export interface RequestPart {
  /** `method`, `host`, `path`, `query:name`, `header:name`, `body`. */
  readonly id: string
  readonly name: string
  readonly value: string
}

const longestBody = 4000

/** The parts of a request, in the order of the message. */
export function requestParts({ method, url, headers, body }: PreparedRequest): RequestPart[] {
  const [, host = '', path = '', query = ''] = /^[^:]+:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(url) ?? []
  const pairs = query === '' ? [] : query.split('&')
  return [
    { id: 'method', name: 'method', value: method },
    { id: 'host', name: 'host', value: host },
    { id: 'path', name: 'path', value: path || '/' },
    ...pairs.map((pair) => {
      const name = pair.split('=', 1)[0] as string
      return { id: `query:${name}`, name: 'query', value: pair }
    }),
    ...headers.map(([name, value]) => ({ id: `header:${name}`, name, value })),
    ...bodyPart(body),
  ]
}

function bodyPart(body: PreparedRequest['body']): RequestPart[] {
  if (!(body instanceof Uint8Array) || body.length === 0) return []
  const text = new TextDecoder().decode(body.subarray(0, longestBody))
  const more = body.length > longestBody ? ` … (${body.length} bytes)` : ''
  return [{ id: 'body', name: 'body', value: `${text}${more}` }]
}
