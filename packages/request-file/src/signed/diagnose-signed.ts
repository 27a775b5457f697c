import {
  diagnose,
  EzError,
  headerOf,
  type PreparedRequest,
  type Provider,
  type ResponseSnapshot,
  type Signer,
  type StepDiagnosis,
  signRequest,
} from '@ez/core'
import { optionsOfNobody } from './options-of-nobody.ts'
import type { SignedScheme } from './scheme.ts'

type Diagnose = NonNullable<Signer['diagnose']>

/** What the module of a provider exports. */
export type ProviderModule = Readonly<Record<string, unknown>>

/** How the refusals of a scheme are read without a secret. */
interface Reading {
  /** Signs again with a key that is nobody's, where that is how the signed text is worked out. */
  sign?(module: ProviderModule, prepared: PreparedRequest): Signer | undefined
  readers(module: ProviderModule): unknown[]
}

// A key of zeros: only the text that is signed is looked at, and it does not depend on the key.
const nobodysKey = 'A'.repeat(86).concat('==')

const readings: Readonly<Record<string, Reading>> = {
  'aws-sigv4': { readers: ({ diagnoseAwsSigV4 }) => [diagnoseAwsSigV4] },
  'netsuite-oauth1': { readers: ({ diagnoseNetSuite }) => [diagnoseNetSuite] },
  oauth1: { readers: ({ diagnoseOAuth1 }) => [diagnoseOAuth1] },
  'azure-storage': {
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
  'cosmos-auth': {
    sign: ({ cosmosAuth }, { headers }) =>
      /^type(?:=|%3d)master/i.test(headerOf(headers, 'authorization') ?? '')
        ? (cosmosAuth as (options: object) => Signer)({ masterKey: nobodysKey })
        : undefined,
    readers: () => [],
  },
}

// Schemes that are described as data read refusals by the table of their description.
const described: Reading = {
  readers: ({ provider }) => {
    const { create, options } = provider as Provider
    return [create(optionsOfNobody(options)).diagnose]
  },
}

/** What a refusal says of a request that somebody else signed. */
export interface SignedDiagnosis {
  /** The step that explains the refusal, and what it says; `undefined` when it knows none. */
  readonly found: StepDiagnosis | undefined
  /** The request, with the stages of its signature in the trace where they were worked out. */
  readonly prepared: PreparedRequest
}

/**
 * What a refusal says of a request that another client signed: compared by its own authorization, without the secret.
 *
 * @param module what the scheme's module exports
 * @example
 * import type { PreparedRequest, ResponseSnapshot } from '@ez/core'
 *
 * export async function explain(response: ResponseSnapshot, prepared: PreparedRequest, module: ProviderModule) {
 *   const scheme = schemeOf(prepared)
 *   return scheme && (await diagnoseSigned(scheme, module, response, prepared)).found?.diagnosis.message
 * }
 */
export async function diagnoseSigned(
  scheme: SignedScheme,
  module: ProviderModule,
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Promise<SignedDiagnosis> {
  const reading = readings[scheme.id] ?? described
  const signer = reading.sign?.(module, prepared)
  const signed = signer ? await signedAgain(signer, prepared) : prepared
  const reader: Diagnose = (answer, sent) => {
    for (const read of reading.readers(module)) {
      const diagnosis = (read as Diagnose | undefined)?.(answer, sent)
      if (diagnosis) return diagnosis
    }
    return undefined
  }
  const id = scheme.use.replace(/^@ez\/([^/]+).*$/, '$1')
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
