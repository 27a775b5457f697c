import { resolve } from 'node:path'
import { EzError, type PreparedRequest } from '@ez/core'
import { readCurl } from '@ez/request-file/curl'
import { type SignedScheme, schemeOf, signedRequest } from '@ez/request-file/signed'
import { readText } from '../files/source.ts'

/**
 * A request that another client signed, from the cURL command that would send it again. Nothing of it is a token.
 *
 * @throws EZ_USAGE for a command that does not hold what was signed, EZ_IMPORT_INVALID, EZ_FILE_NOT_FOUND
 */
export async function readSignedCurl(name: string): Promise<PreparedRequest> {
  const [first, another] = readCurl(await readText(name, resolve(name)))
  if (!first || another) throw new EzError('EZ_USAGE', `--curl ${name}: give one command with one URL.`)
  const prepared = await signedRequest(first, `--curl ${name}`)
  for (const note of first.notes) if (note.startsWith('The shell would')) process.stderr.write(`${note}\n`)
  return prepared
}

/** The scheme that a request was signed by. @throws EZ_USAGE when it shows none whose refusals are read */
export function knownScheme(prepared: PreparedRequest): SignedScheme {
  const scheme = schemeOf(prepared)
  if (scheme && scheme.id !== 'jwt') return scheme
  throw new EzError(
    'EZ_USAGE',
    '--curl: the command holds no signature that is known here: AWS Signature Version 4, OAuth 1.0a, Azure Storage, Cosmos DB, HTTP Message Signatures or a vendor of `ez providers`, in its headers or its URL.',
  )
}
