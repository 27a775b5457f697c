import type { RequestValue } from '../../model/request-value.ts'
import type { Credentials } from '../credentials.ts'
import { awsHeader, awsQuery } from './aws.ts'
import { azureStep, cosmosStep, digestStep } from './keyed.ts'
import { oauth1Step } from './oauth1.ts'
import type { Signed, SignedRequest } from './signed.ts'

const readers: readonly ((request: SignedRequest) => Signed | undefined)[] = [
  awsHeader,
  awsQuery,
  oauth1Step,
  azureStep,
  cosmosStep,
  digestStep,
]

/** A request with the signer in the place of a signature that another client made. */
export function withSigner(
  request: RequestValue,
  credentials: Credentials,
): { readonly request: RequestValue; readonly notes: readonly string[] } {
  const { url = '', headers, preRequest = [] } = request
  const pairs = headers ? (Array.isArray(headers) ? headers : Object.entries(headers)) : []
  const header = (name: string): string | undefined =>
    pairs.find(([known]) => known.toLowerCase() === name)?.[1]
  const known: string[] = []
  const given: SignedRequest = {
    url,
    authorization: header('authorization') ?? '',
    header,
    known: (wanted, value) => {
      const name = credentials.name(wanted, value)
      known.push(name)
      return `{{${name}}}`
    },
  }
  const signed = preRequest.length > 0 ? undefined : readers.map((read) => read(given)).find((found) => found)
  if (!signed) return { request, notes: [] }
  const kept = pairs.filter(([name]) => !signed.headers.includes(name.toLowerCase()))
  const { headers: _, ...rest } = request
  return {
    request: {
      ...rest,
      ...(signed.url !== undefined && { url: signed.url }),
      ...(kept.length > 0 && { headers: Array.isArray(headers) ? kept : Object.fromEntries(kept) }),
      preRequest: [signed.step],
    },
    notes: [
      `The signature was made by another client and holds for a moment only: ${signed.step.use} signs anew. Set ${signed.secrets.join(', ')}${known.length > 0 ? `; ${known.join(', ')} stood in the request` : ''}.`,
    ],
  }
}
