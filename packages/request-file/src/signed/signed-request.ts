import { EzError, type PreparedRequest, prepare } from '@ez/core'
import type { ImportedRequest } from '../imported/imported-request.ts'
import { templateOf } from '../model/template.ts'

// As AWS, RFC 9421 and draft-cavage name what is signed.
const signsLength =
  /signedheaders=[^,&]*content-length|\("[^)]*"content-length"|headers="[^"]*content-length|\("content-length"/i

/**
 * A request that another client signed, from what was read of it: nothing of it is a token, and nothing is signed anew.
 *
 * @param name what messages call it
 * @throws EZ_USAGE for a request that does not hold what was signed, and the codes of `prepare`
 * @example
 * import { readRawRequest } from '@ez/request-file/http'
 *
 * const prepared = await signedRequest(readRawRequest('GET / HTTP/1.1\nhost: a.example\nauthorization: OAuth x="y"\n'))
 */
export async function signedRequest(
  { request }: ImportedRequest,
  name = 'the request',
): Promise<PreparedRequest> {
  const refuse = (problem: string): EzError => new EzError('EZ_USAGE', `${name}: ${problem}`)
  if (request.preRequest)
    throw refuse(
      'curl signs this when it sends it, so that no signature is in the command. Give one that has the headers of the request as it was sent (curl -v shows them).',
    )
  const { method = 'GET', url = '', headers, body } = request
  if (body && body.json === undefined && body.text === undefined && body.base64 === undefined)
    throw refuse(
      'the body comes from a file, or has a boundary of its own: it is not the one that was signed. Write it into the command with --data-raw.',
    )
  const given = templateOf({ ...request, method, url })
  const prepared = await prepare(given)
  if (!signsLength.test([prepared.url, ...prepared.headers.map(([, value]) => value)].join('\n')))
    return prepared
  // Clients that sign it send the true one; curl would write it itself.
  const length = prepared.body instanceof Uint8Array ? prepared.body.length : 0
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers ?? {})
  return prepare({ ...given, headers: [...pairs, ['content-length', String(length)]] })
}
