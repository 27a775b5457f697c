import {
  diagnose,
  EzError,
  headerOf,
  type PreparedRequest,
  type ResponseSnapshot,
  type Signer,
  type StepDiagnosis,
  signRequest,
} from '@ez/core'
import type { Grants } from '../grants.ts'
import { loadOptional } from '../providers/scripts.ts'

type Diagnose = NonNullable<Signer['diagnose']>
type Module = Readonly<Record<string, unknown>>

/** A scheme, by what a signed request shows of it, and who reads its refusals. */
interface Scheme {
  readonly package: string
  /** The status of a refusal of which only the body was saved. */
  readonly status: number
  isIn(authorization: string, query: URLSearchParams, prepared: PreparedRequest): boolean
  /** Signs again with a key that is nobody's, where that is how the signed text is worked out. */
  sign?(module: Module, prepared: PreparedRequest): Signer | undefined
  readers(module: Module, prepared: PreparedRequest): unknown[]
}

// A key of zeros: only the text that is signed is looked at, and it does not depend on the key.
const nobodysKey = 'A'.repeat(86).concat('==')

const schemes: readonly Scheme[] = [
  {
    package: '@ez/aws-sigv4',
    status: 403,
    isIn: (authorization, query) =>
      /^AWS4-|^AWS /.test(authorization) || query.has('X-Amz-Algorithm') || query.has('AWSAccessKeyId'),
    readers: ({ diagnoseAwsSigV4 }) => [diagnoseAwsSigV4],
  },
  {
    package: '@ez/netsuite-oauth1',
    status: 401,
    isIn: (authorization, query, { body }) =>
      /^OAuth /i.test(authorization) ||
      query.has('oauth_signature') ||
      (body instanceof Uint8Array && /(?:^|&)oauth_signature=/.test(new TextDecoder().decode(body))),
    readers: ({ diagnoseNetSuite, diagnoseOAuth1 }, { url }) =>
      /\.netsuite\.com$/i.test(new URL(url).hostname) ? [diagnoseNetSuite] : [diagnoseOAuth1],
  },
  {
    package: '@ez/azure-storage',
    status: 403,
    isIn: (authorization, query) =>
      /^SharedKey(?:Lite)? /.test(authorization) || (query.has('sig') && query.has('sv')),
    sign: ({ azureStorage }, { headers }) => {
      const [, scheme, accountName] =
        /^(SharedKey(?:Lite)?) ([^:]+):/.exec(headerOf(headers, 'authorization') ?? '') ?? []
      const version = headerOf(headers, 'x-ms-version')
      if (scheme === undefined) return undefined
      return (azureStorage as (options: object) => Signer)({
        scheme,
        credentials: { accountName, accountKey: nobodysKey },
        ...(version !== undefined && { version }),
      })
    },
    readers: ({ diagnoseAzureStorage }) => [diagnoseAzureStorage],
  },
  {
    package: '@ez/cosmos-auth',
    status: 401,
    isIn: (authorization) => /^type(?:=|%3d)(?:master|resource|aad)/i.test(authorization),
    sign: ({ cosmosAuth }, { headers }) =>
      /^type(?:=|%3d)master/i.test(headerOf(headers, 'authorization') ?? '')
        ? (cosmosAuth as (options: object) => Signer)({ masterKey: nobodysKey })
        : undefined,
    readers: () => [],
  },
]

/** The scheme that a request was signed by. @throws EZ_USAGE when it shows none that is known */
export function schemeOf(prepared: PreparedRequest): Scheme {
  const authorization = headerOf(prepared.headers, 'authorization')?.trim() ?? ''
  const query = new URL(prepared.url).searchParams
  const found = schemes.find((scheme) => scheme.isIn(authorization, query, prepared))
  if (found) return found
  throw new EzError(
    'EZ_USAGE',
    '--curl: the command holds no signature that is known here: AWS Signature Version 4, OAuth 1.0a, Azure Storage or Cosmos DB, in its headers or its URL.',
  )
}

/** What a refusal says of a request that another client signed: compared by its own authorization, without the secret. */
export async function diagnoseWithoutSecret(
  scheme: Scheme,
  response: ResponseSnapshot,
  prepared: PreparedRequest,
  grants: Grants,
): Promise<{ readonly found: StepDiagnosis | undefined; readonly prepared: PreparedRequest }> {
  const module = await loadOptional(scheme.package, '.', process.cwd(), 'This signature', grants)
  const signer = scheme.sign?.(module, prepared)
  const signed = signer ? await signedAgain(signer, prepared) : prepared
  const id = scheme.package.slice('@ez/'.length)
  const reader: Diagnose = (answer, sent) => {
    for (const read of scheme.readers(module, sent)) {
      const diagnosis = (read as Diagnose)(answer, sent)
      if (diagnosis) return diagnosis
    }
    return undefined
  }
  const step: Signer =
    signer?.diagnose === undefined
      ? { specVersion: 1, id, writes: { headers: [], query: [] }, sign: () => never(), diagnose: reader }
      : signer
  return { found: diagnose(response, signed, [step]), prepared: signed }
}

const never = (): never => {
  throw new EzError('EZ_INTERNAL', 'A request that was signed elsewhere is not signed again.')
}

// At the instant that the request names, since signers write the date themselves.
async function signedAgain(signer: Signer, prepared: PreparedRequest): Promise<PreparedRequest> {
  const { method, url, headers, body } = prepared
  const date = new Date(headerOf(headers, 'x-ms-date') ?? headerOf(headers, 'date') ?? Number.NaN)
  if (Number.isNaN(date.getTime())) return prepared
  const own = headers.filter(([name]) => name !== 'authorization')
  const request = { method, url, headers: own, ...(body instanceof Uint8Array && { body }) }
  return signRequest(request, [signer], { clock: () => date })
}
