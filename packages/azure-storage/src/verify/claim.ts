import type { Received } from './received.ts'
import { refusal } from './refusal.ts'

/** What a request says of its signature. */
export type Claim =
  | {
      readonly scheme: 'SharedKey' | 'SharedKeyLite'
      readonly accountName: string
      readonly signature: string
    }
  | { readonly scheme: 'SAS'; readonly signature: string; readonly parameters: ReadonlyMap<string, string> }

// Everything that a shared access signature may say, and what of the URL its string to sign reads.
const names =
  'sv ss srt sr st se sp si sip spr sig ses sdd tn spk srk epk erk skoid sktid skt ske sks skv saoid suoid scid skdutid sduoid srh srq rscc rscd rsce rscl rsct snapshot versionid'
const sasNames = new Set(names.split(' '))

/**
 * Reads the authorization header, or the shared access signature.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS
 */
export function readClaim({ headers, query }: Received): Claim {
  const parameters = new Map<string, string>()
  // The service knows names in any case; one that came twice would be read as it pleases.
  for (const [name, value] of query) {
    const lower = name.toLowerCase()
    if (!sasNames.has(lower)) continue
    if (parameters.has(lower) && query.some(([one]) => one.toLowerCase() === 'sig'))
      throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `there are two parameters ${lower}.`)
    parameters.set(lower, value)
  }
  const authorization = headers.get('authorization')
  const signature = parameters.get('sig')
  if (authorization === undefined && signature === undefined)
    throw refusal('EZ_AUTHORIZATION_MISSING', 'there is neither an authorization header nor a sig parameter.')
  if (authorization === undefined) return { scheme: 'SAS', signature: signature ?? '', parameters }
  if (signature !== undefined)
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'there are an authorization header and a sig parameter.')
  const [, scheme, accountName = '', base64 = ''] =
    /^(SharedKey|SharedKeyLite) ([a-z0-9-]+):([A-Za-z0-9+/=]+)$/.exec(authorization) ?? []
  if (scheme === undefined)
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the authorization header cannot be read.')
  return { scheme: scheme as 'SharedKey' | 'SharedKeyLite', accountName, signature: base64 }
}
