import { EzError, prepare, type ResolvedRequest } from '@ez/core'

const methodLine = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?\r?$/

/**
 * Reads a request as it is sent: a line with method and URL, headers, an empty line and the body to its last byte. One line
 * feed at the end of the file is no part of it.
 *
 * @throws EZ_FILE_INVALID, and the codes of `prepare` for what cannot be sent
 */
export async function readHttpRequest(name: string, text: string): Promise<ResolvedRequest> {
  const [, head = '', body = ''] =
    /^([\s\S]*?)(?:\r?\n\r?\n([\s\S]*))?$/.exec(text.replace(/\r?\n$/, '')) ?? []
  const [first = '', ...lines] = head.split('\n')
  const [, method, target] = methodLine.exec(first) ?? []
  if (method === undefined || target === undefined)
    throw new EzError(
      'EZ_FILE_INVALID',
      `${name}: the first line must be a method and a URL, as in: POST https://api.example.com/orders.`,
    )
  const headers = lines.map((line, index): [string, string] => {
    const [, header, value] = /^([^:\s]+):[ \t]*(.*?)[ \t]*\r?$/.exec(line) ?? []
    if (header === undefined || value === undefined)
      throw new EzError('EZ_FILE_INVALID', `${name}:${index + 2}: a header is written "name: value".`)
    return [header, value]
  })
  const host = headers.find(([header]) => header.toLowerCase() === 'host')?.[1]
  const url = /^https?:/.test(target) ? target : host && `https://${host}${target}`
  if (!url) throw new EzError('EZ_FILE_INVALID', `${name}: give the whole URL, or a Host header.`)
  return prepare({
    method,
    url: url.replaceAll('{', '%7B'),
    headers: headers
      .filter(([header]) => !/^(?:host|content-length|connection)$/i.test(header))
      .map(([header, value]): [string, string] => [header, value.replace(/\{(?=[{%])/g, '\\{')]),
    ...(body !== '' && { body: { bytes: new TextEncoder().encode(body) } }),
  })
}
