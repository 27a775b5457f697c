import type { PreparedRequest } from '@ez/core'

/** A body as `ez sign --format json` prints it. */
export interface BodyData {
  readonly encoding: 'utf8' | 'base64'
  readonly data: string
}

interface Shown {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: BodyData | null
}

/** A prepared request as data: what is sent, or with `mask` what may be shown. A stream is read whole. */
export async function requestData(prepared: PreparedRequest, mask: boolean): Promise<Shown> {
  if (mask) {
    const { method, url, headers, body } = prepared.toJSON() as Shown
    return { method, url, headers, body }
  }
  const { method, url, headers } = prepared
  const bytes = await bodyBytes(prepared)
  return { method, url, headers, body: bytes && bodyData(bytes) }
}

/** The bytes of a prepared request's body. */
export async function bodyBytes({ body }: PreparedRequest): Promise<Uint8Array | null> {
  if (body === null || body instanceof Uint8Array) return body
  return new Uint8Array(await new Response(body as BodyInit).arrayBuffer())
}

/** Bytes as data: text when they are UTF-8. */
export function bodyData(bytes: Uint8Array): BodyData {
  try {
    return {
      encoding: 'utf8',
      data: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    }
  } catch {
    return { encoding: 'base64', data: Buffer.from(bytes).toString('base64') }
  }
}

/** The head of the HTTP/1.1 message: request line, host, headers, and an empty line. */
export function httpHead({ method, url, headers }: Shown, length: number | undefined): string {
  // A URL that is a secret as a whole is masked as one.
  const host = URL.canParse(url) ? new URL(url).host : undefined
  const target =
    host === undefined ? url : url.slice(url.indexOf(host, url.indexOf('//')) + host.length) || '/'
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(host === undefined ? [] : [`host: ${host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  if (length !== undefined && !headers.some(([name]) => name === 'content-length'))
    lines.push(`content-length: ${length}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
