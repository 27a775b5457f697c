import { headerOf, type PreparedRequest } from '@ez/core'
import { meaningOf } from './meanings.ts'

/** A part of what authorizes a request, named. */
export interface AuthorizationPart {
  readonly name: string
  readonly value: string
  /** What it is, in words; empty when it is not known. */
  readonly meaning: string
}

const signatureHeaders =
  /^(?:signature|signature-input|x-bapi-.*|api-key|api-sign|x-hub-signature-256|x-slack-.*|stripe-signature|webhook-.*|svix-.*|x-twilio-signature|x-shopify-hmac-sha256|content-digest|digest|x-amz-(?:date|content-sha256|security-token|region-set)|x-ms-(?:date|version)|x-tc-timestamp|x-acs-(?:date|signature-nonce|content-sha256))$/
const signatureParameters =
  /^(?:X-Amz-.*|oauth_.*|sv|ss|srt|sr|sp|st|se|sip|spr|sig|si|skoid|sktid|skt|ske|sks|skv|ses|AWSAccessKeyId|Signature|Expires)$/

/** The parts of the authorization of a request: of its header, of other headers that sign, and of its query. */
export function authorizationParts({ headers, url }: PreparedRequest): AuthorizationPart[] {
  const authorization = headerOf(headers, 'authorization')
  const query = [...new URL(url).searchParams].filter(([name]) => signatureParameters.test(name))
  const named = headers.filter(([name]) => signatureHeaders.test(name))
  return [...(authorization === undefined ? [] : partsOfHeader(authorization)), ...named, ...query]
    .flatMap(([name = '', value = '']) => split(name, value))
    .map(([name, value]) => ({ name, value, meaning: meaningOf(name) }))
}

type Pair = readonly [name: string, value: string]

function partsOfHeader(authorization: string): Pair[] {
  const decoded = /^type(?:=|%3d)/i.test(authorization) ? decoded3986(authorization) : authorization
  if (/^type=/i.test(decoded))
    return decoded
      .split('&')
      .map((pair): Pair => [pair.split('=', 1)[0] as string, pair.slice(pair.indexOf('=') + 1)])
  const [, scheme = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(authorization) ?? []
  if (/^SharedKey/.test(scheme)) {
    const colon = rest.indexOf(':')
    return [
      ['scheme', scheme],
      ['account', rest.slice(0, colon)],
      ['signature', rest.slice(colon + 1)],
    ]
  }
  if (/^bearer$/i.test(scheme)) return [['scheme', scheme], ...jwt(rest)]
  const pairs = [...rest.matchAll(/([\w-]+)=(?:"([^"]*)"|([^,;\s]*(?:;(?!\w+=)[^,\s]*)*))/g)].map(
    ([, name = '', quoted, plain = '']): Pair => [name, quoted ?? plain],
  )
  return [['scheme', scheme], ...pairs]
}

// Of a credential the parts of its scope: key, day, region, service, terminator.
function split(name: string, value: string): Pair[] {
  const parts = value.split('/')
  if (!/^(?:X-Amz-)?Credential$/i.test(name) || parts.length < 3) return [[name, value]]
  const names =
    parts.length >= 5
      ? ['key id', 'day', 'region', 'service', 'terminator']
      : parts[3] === 'aws4_request'
        ? ['key id', 'day', 'service', 'terminator']
        : ['key id', 'day', 'service', 'terminator']
  const tail = parts.slice(1 - names.length)
  const key = parts.slice(0, parts.length - names.length + 1).join('/')
  return [key, ...tail].map((part, index): Pair => [`${name}: ${names[index]}`, part])
}

// RFC 7519: header, claims and signature, each in base64url.
function jwt(token: string): Pair[] {
  const [header = '', claims = '', signature] = token.split('.')
  if (signature === undefined) return [['token', token]]
  const read = (kind: string, part: string): Pair[] => {
    try {
      const bytes = Uint8Array.from(atob(part.replace(/-/g, '+').replace(/_/g, '/')), (one) =>
        one.charCodeAt(0),
      )
      const value = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
      return Object.entries(value).map(
        ([name, item]): Pair => [
          `${kind} ${name}`,
          /^(?:exp|iat|nbf)$/.test(name) && typeof item === 'number'
            ? `${item} (${new Date(item * 1000).toISOString()})`
            : typeof item === 'string'
              ? item
              : JSON.stringify(item),
        ],
      )
    } catch {
      return [[kind, 'cannot be read: it is no JSON in base64url']]
    }
  }
  return [...read('header', header), ...read('claim', claims), ['signature', signature]]
}

function decoded3986(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
