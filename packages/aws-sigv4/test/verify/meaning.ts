// What a signed request says by the rules of the scheme, written apart from signer and verifier: two requests with one
// meaning in common are the same to the service.
import type { ResolvedRequest } from '@ez/core'

const octets = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_, pair) => String.fromCharCode(Number.parseInt(pair, 16)))

/** Every meaning of a request: a raw plus in a path of S3 is a space to some stores and a plus to others. */
export async function meaningOf(request: ResolvedRequest, service: string): Promise<string[]> {
  const [, authority = '', rawPath = '', search = ''] =
    /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/is.exec(request.url) ?? []
  const query = search.split('&').filter((part) => part !== '')
  const pairs = query.map((part) => {
    const equals = `${part}=`.indexOf('=')
    return [part.slice(0, equals), part.slice(equals + 1)].map((one) => octets(one.replaceAll('+', ' ')))
  })
  const authorization = headerValue(request, 'authorization')?.trim() ?? ''
  const names = (
    /SignedHeaders=([^, ]*)/.exec(authorization)?.[1] ??
    pairs.find(([name]) => name === 'X-Amz-SignedHeaders')?.[1] ??
    ''
  ).split(';')
  const headers = [...new Set([...names, 'x-amz-content-sha256', 'x-amz-security-token'])].map((name) => {
    if (name === 'host') return ['host', (headerValue(request, 'host') ?? hostOf(authority)).trim()]
    return [
      name,
      headerValue(request, name)
        ?.trim()
        .replace(/[ \t\r\n]+/g, ' '),
    ]
  })
  const isCovered = !/^(?:STREAMING-|UNSIGNED-)/.test(headerValue(request, 'x-amz-content-sha256') ?? '')
  const rest = JSON.stringify([
    request.method,
    // A token that is not signed is compared by its value, in which a plus is a plus; its name is read in any case.
    pairs
      .map(([name = '', value = '']) =>
        /^x-amz-security-token$/i.test(name) ? `token\0${value.replaceAll(' ', '+')}` : `${name}\0${value}`,
      )
      .sort(),
    headers,
    authorization.replace(/\s*,\s*/g, ',').replace(/\s+/g, ' '),
    // Of chunks the decoded body is compared, which is what a server stores; another that is unsigned means nothing.
    isCovered ? Buffer.from((request.body as Uint8Array | null) ?? []).toString('hex') : '',
  ])
  return pathsOf(rawPath === '' ? '/' : rawPath, service).map((path) => `${path}\n${rest}`)
}

function pathsOf(path: string, service: string): string[] {
  if (service === 's3') return [octets(path), octets(path.replaceAll('+', ' '))]
  const kept: string[] = []
  for (const part of path.split('/'))
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  return [`/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`]
}

function headerValue({ headers }: ResolvedRequest, wanted: string): string | undefined {
  const values = headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value.trim())
  return values.length === 0 ? undefined : values.join(',')
}

function hostOf(authority: string): string {
  return authority.replace(/^.*@/, '').toLowerCase().replace(/:443$/, '')
}
