import { resolve } from 'node:path'
import { EzError, type PreparedRequest, prepare } from '@ez/core'
import { readCurl } from '@ez/request-file/curl'
import { readText } from '../files/source.ts'

/**
 * A request that another client signed, from the cURL command that would send it again. Nothing of it is a token.
 *
 * @throws EZ_USAGE for a command that does not hold what was signed, EZ_IMPORT_INVALID, EZ_FILE_NOT_FOUND
 */
export async function readSignedCurl(name: string): Promise<PreparedRequest> {
  const [first, another] = readCurl(await readText(name, resolve(name)))
  const refuse = (problem: string): EzError => new EzError('EZ_USAGE', `--curl ${name}: ${problem}`)
  if (!first || another) throw refuse('give one command with one URL.')
  const { request, notes } = first
  if (request.preRequest)
    throw refuse(
      'curl signs this when it sends it, so that no signature is in the command. Give one that has the headers of the request as it was sent (curl -v shows them).',
    )
  const { method = 'GET', url = '', headers, body } = request
  if (body && body.json === undefined && body.text === undefined)
    throw refuse(
      'the body comes from a file, or has a boundary of its own: it is not the one that was signed. Write it into the command with --data-raw.',
    )
  for (const note of notes) if (note.startsWith('The shell would')) process.stderr.write(`${note}\n`)
  const given = {
    method,
    url,
    ...(headers && { headers }),
    ...(body && { body: body.json === undefined ? { text: body.text as string } : { json: body.json } }),
  }
  const prepared = await prepare(given)
  if (!/signedheaders=[^,&]*content-length/i.test(`${prepared.url} ${JSON.stringify(prepared.headers)}`))
    return prepared
  // Clients that sign it send the true one; curl would write it itself.
  const length = prepared.body instanceof Uint8Array ? prepared.body.length : 0
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers ?? {})
  return prepare({ ...given, headers: [...pairs, ['content-length', String(length)]] })
}
