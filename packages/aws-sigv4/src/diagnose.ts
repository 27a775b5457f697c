import type { Diagnosis, PreparedRequest, ResponseSnapshot } from '@ez/core'
import { explainClock } from './diagnose/clock.ts'
import { explainCode } from './diagnose/codes.ts'
import { explainMismatch } from './diagnose/mismatch.ts'
import { type RefusalBody, readRefusal } from './diagnose/refusal-body.ts'
import { explainBucketRegion, explainScope } from './diagnose/scope.ts'
import { signedStages } from './diagnose/signed-stages.ts'
import { explainSilence, explainVersion2 } from './diagnose/unexplained.ts'

const mismatched = /^(SignatureDoesNotMatch|InvalidSignature)/

/**
 * Says why a service refused a signed request: what differs, line by line, and the likely cause.
 *
 * Reads the errors of S3 and the stores that speak its protocol, of API Gateway and SP-API, and of the query and JSON
 * services. A request that another client signed is read by its own authorization, so no secret is needed to compare
 * it. Gives `undefined` for a response that is no refusal of a signature.
 *
 * @example
 * ```ts
 * import { diagnoseAwsSigV4 } from '@ez/aws-sigv4'
 * import type { PreparedRequest, ResponseSnapshot } from '@ez/core'
 *
 * export function explain(response: ResponseSnapshot, prepared: PreparedRequest): string {
 *   return diagnoseAwsSigV4(response, prepared)?.message ?? 'not a matter of the signature'
 * }
 * ```
 */
export function diagnoseAwsSigV4(
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  // S3 tells the region of a bucket with a 301 that leads nowhere.
  if (response.status < 400 && response.status !== 301) return undefined
  const refusal = readRefusal(response)
  return (
    (refusal && explain(refusal, response, prepared)) ??
    explainBucketRegion(response, prepared, refusal) ??
    explainSilence(response, prepared)
  )
}

function explain(
  refusal: RefusalBody,
  response: ResponseSnapshot,
  prepared: PreparedRequest,
): Diagnosis | undefined {
  const { code, message } = refusal
  return (
    explainVersion2(refusal, prepared) ??
    explainClock(refusal, response, prepared) ??
    explainScope(refusal) ??
    explainCode(refusal, response, prepared) ??
    (mismatched.test(code) || message.includes('signature we calculated does not match')
      ? explainMismatch(refusal, signedStages(prepared))
      : undefined)
  )
}
