import { headerOf, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import { withoutSignatures } from '@ez/request-file/signed'

/** Whether secrets and signatures are left out, or stand as they are sent. */
export type Masking = 'masked' | 'shown'

interface Masked {
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: { readonly encoding: 'utf8' | 'base64'; readonly data: string } | null
}

// Their parts say what was signed: of these only the signature is left out.
const signed = /^(?!(?:basic|bearer)\b)\S+ .*(?:signature|sig)=|^SharedKey|^type(?:=|%3d)master/is

/** A prepared request as raw HTTP. */
export function requestText(prepared: PreparedRequest, masking: Masking): string {
  const { method } = prepared
  const bytes = prepared.body instanceof Uint8Array ? new TextDecoder().decode(prepared.body) : ''
  if (masking === 'shown') return message(method, prepared.url, prepared.headers, bytes)
  const masked = prepared.toJSON() as Masked
  const authorization = headerOf(prepared.headers, 'authorization') ?? ''
  const headers = masked.headers.map(([name, value]): readonly [string, string] =>
    name === 'authorization' && signed.test(authorization) ? [name, zeroed(authorization)] : [name, value],
  )
  // A signature that is all asterisks could not be read: zeros can.
  const url = masked.url.replace(/(X-Amz-Signature=)[^&]*/, `$1${'0'.repeat(64)}`)
  const body = masked.body?.encoding === 'utf8' ? masked.body.data : ''
  return withoutSignatures(message(method, url, headers, body))
}

// Shared Key and Cosmos DB write the signature at the end.
const zeroed = (authorization: string): string =>
  withoutSignatures(
    authorization.replace(
      /(:)([A-Za-z0-9+/]{20,}=*)$/,
      (_, colon: string, value: string) => colon + value.replace(/[^=]/g, '0'),
    ),
  )

function message(method: string, url: string, headers: PreparedRequest['headers'], body: string): string {
  const lines = [`${method} ${url} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  return `${lines.join('\n')}\n\n${body}`
}

/** An answer as `curl -i` prints it. */
export function responseText({ status, headers, body }: ResponseSnapshot, masking: Masking): string {
  const lines = [`HTTP/1.1 ${status}`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  const text = `${lines.join('\n')}\n\n${new TextDecoder().decode(body)}`
  return masking === 'masked' ? withoutSignatures(text) : text
}
