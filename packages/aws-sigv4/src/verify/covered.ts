import type { Covers } from '@ez/core/received'
import type { Claim } from './claim.ts'
import { signedParameters } from './expected.ts'
import type { Payload } from './payload.ts'
import type { Received } from './received.ts'

/** What a right signature answers for. Method, host and path always are signed. */
export function coversOf(
  received: Received,
  claim: Claim,
  { actualHash, chunked }: Payload,
  signSessionToken: boolean,
): Covers {
  const query = signedParameters(received.query, signSessionToken)
  const isSigned = actualHash !== undefined || chunked?.signed === true
  // The value of x-amz-content-sha256 is the last line of what is signed, also where its name is not signed.
  const byValue = claim.placement === 'header' && received.headers.has('x-amz-content-sha256')
  const headers = byValue ? [...new Set([...claim.signedNames, 'x-amz-content-sha256'])] : claim.signedNames
  return { method: true, host: true, path: true, query, headers, body: isSigned ? 'all' : 'none' }
}
