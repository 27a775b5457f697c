// What a signed request says by the rules of the scheme, written apart from signer and verifier.
import type { ResolvedRequest } from '@ez/core'

const octets = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_, pair) => String.fromCharCode(Number.parseInt(pair, 16)))

/** Method, URL without query, all parameters of header, query and form, and a body that is hashed. */
export function meaningOf(request: ResolvedRequest): unknown {
  const url = new URL(request.url)
  const authorization = headerValue(request, 'authorization') ?? ''
  const inHeader = /^\s*OAuth\s/i.test(authorization)
    ? [...authorization.replace(/^\s*OAuth\s+/i, '').matchAll(/([^\s=",]+)\s*=\s*"((?:[^"\\]|\\.)*)"/g)]
        .map(([, name = '', value = '']) => [octets(name), octets(value.replace(/\\(.)/g, '$1'))])
        .filter(([name]) => name?.toLowerCase() !== 'realm')
    : []
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(
    headerValue(request, 'content-type') ?? '',
  )
  const body = Buffer.from((request.body as Uint8Array | null) ?? [])
  const parameters = [
    ...inHeader,
    ...pairs(url.search.slice(1)),
    ...(isForm ? pairs(body.toString()) : []),
  ].map((pair) => pair.join('\0'))
  const isHashed = parameters.some((pair) => pair.startsWith('oauth_body_hash\0'))
  return [
    request.method.toUpperCase(),
    url.origin + url.pathname,
    parameters.sort(),
    isHashed ? body.toString('hex') : '',
  ]
}

function pairs(text: string): string[][] {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = `${part}=`.indexOf('=')
      return [part.slice(0, equals), part.slice(equals + 1)].map((one) => octets(one.replaceAll('+', ' ')))
    })
}

function headerValue({ headers }: ResolvedRequest, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1].trim()
}
