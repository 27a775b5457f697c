import { utf8 } from '#crypto'
import type { PreparedRequest } from '../contract/prepared.ts'
import type { Diagnosis, PreRequestScript, ResponseSnapshot, Signer } from '../contract/step.ts'
import { Mask } from '../masking/mask.ts'
import { sensitiveValues } from '../masking/sensitive-names.ts'
import { decodeUtf8 } from '../trace/show.ts'
import { SealedRequest } from './sealed-request.ts'

/** What a step made of a response, and which step it was. */
export interface StepDiagnosis {
  /** The step that explains the response. */
  readonly step: PreRequestScript | Signer
  /** What it says. */
  readonly diagnosis: Diagnosis
}

/**
 * A response with the secrets of its request masked, as the trace is: what a server quotes back of a
 * request can then be compared with the trace, and shown.
 *
 * A body that is not UTF-8 stays as it is.
 *
 * @example
 * ```ts
 * import { maskResponse, signRequest } from '@ez/core'
 *
 * const prepared = await signRequest({ method: 'GET', url: 'https://api.example.com/' }, [])
 * maskResponse({ status: 403, headers: [], body: new Uint8Array() }, prepared)
 * ```
 */
export function maskResponse(response: ResponseSnapshot, prepared: PreparedRequest): ResponseSnapshot {
  const mask = SealedRequest.maskOf(prepared) ?? new Mask(sensitiveValues(prepared))
  const text = decodeUtf8(response.body)
  const masked = text === undefined ? undefined : mask.apply(text)
  return {
    status: response.status,
    headers: response.headers.map(([name, value]) => [name.toLowerCase(), mask.apply(value)] as const),
    body: masked === undefined || masked === text ? response.body : utf8(masked),
  }
}

/**
 * Asks each step in order what a response means; the first that knows answers.
 *
 * The steps see the response masked. One that throws counts as one that does not know.
 *
 * @example
 * ```ts
 * import { diagnose, signRequest } from '@ez/core'
 *
 * const prepared = await signRequest({ method: 'GET', url: 'https://api.example.com/' }, [])
 * const found = diagnose({ status: 403, headers: [], body: new Uint8Array() }, prepared, [])
 * console.log(found?.diagnosis.message)
 * ```
 */
export function diagnose(
  response: ResponseSnapshot,
  prepared: PreparedRequest,
  steps: readonly (PreRequestScript | Signer)[],
): StepDiagnosis | undefined {
  let masked: ResponseSnapshot | undefined
  for (const step of steps) {
    if (!step.diagnose) continue
    masked ??= maskResponse(response, prepared)
    const diagnosis = ask(step, masked, prepared)
    if (diagnosis) return { step, diagnosis }
  }
  return undefined
}

// A diagnosis is advice: a fault in one must not hide the response itself.
function ask(
  step: PreRequestScript | Signer,
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  try {
    return step.diagnose?.(response, prepared)
  } catch {
    return undefined
  }
}
