import type { Attempt } from '../attempt/attempt.ts'
import { checkAborted, stepError } from '../attempt/failure.ts'
import { withTimeLimit } from '../attempt/time-limit.ts'
import { EzError } from '../base/error.ts'
import { isThenable } from '../base/promises.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import type { Signer, SignResult } from '../contract/step.ts'
import { withoutQuery } from '../wire/query.ts'
import { type AppliedPatch, applyPatch, lowerCase, withTarget } from './patch.ts'
import { AttemptSignContext } from './sign-context.ts'

/** Signs a request with one signer after the other. @throws EZ_WRITE_CONFLICT, EZ_WRITE_UNDECLARED, EZ_UNSIGNED */
export async function signAll(
  frozen: ResolvedRequest,
  signers: readonly Signer[],
  attempt: Attempt,
): Promise<ResolvedRequest> {
  const { recorder } = attempt
  const applied: AppliedPatch[] = []
  const context = new AttemptSignContext(attempt)
  let request = frozen
  // Before any of them signs: none may sign what a later one replaces.
  for (const signer of signers) request = withoutDeclared(request, signer)
  for (const signer of signers) {
    const began = recorder.isLive ? performance.now() : 0
    checkConflict(request, signer, applied)
    const input = signer.replaces ? withoutDeclared(request, signer) : request
    checkAborted(attempt)
    let result: SignResult
    try {
      const pending = signer.sign(input, context)
      // Waits only for a signer that is asynchronous.
      result = isThenable(pending) ? await withTimeLimit(pending, signer.id, attempt) : pending
    } catch (cause) {
      throw stepError(cause, 'EZ_SIGNER_FAILED', signer.id, 'signer')
    }
    request = applyPatch(input, signer, result, applied, recorder)
    if (recorder.isLive) recorder.log(signer.id, 'duration-ms', (performance.now() - began).toFixed(3))
  }
  return request
}

/** The request without the headers and query names that a signer declares, so that signing again signs what is sent. */
function withoutDeclared(request: ResolvedRequest, signer: Signer): ResolvedRequest {
  const { writes } = signer
  const names = lowerCase(writes.headers)
  const headers = request.headers.some(([name]) => names.includes(name))
    ? Object.freeze(request.headers.filter(([name]) => !names.includes(name)))
    : request.headers
  const url = writes.query.length === 0 ? request.url : withoutQuery(request.url, writes.query)
  return headers === request.headers && url === request.url ? request : withTarget(request, url, headers)
}

/** @throws EZ_WRITE_CONFLICT when a signer would undo or falsify what an earlier one signed */
function checkConflict(request: ResolvedRequest, signer: Signer, applied: readonly AppliedPatch[]): void {
  if (signer.replaces || applied.length === 0) return
  const { id, writes } = signer
  const names = [...lowerCase(writes.headers), ...lowerCase(writes.amends ?? [])]
  // From the last, so that what stands in the request by now is told of the one that wrote it.
  for (const { signer: earlier, headers, query } of applied.toReversed()) {
    const covers = earlier.signs !== false
    const header = (covers ? request.headers : headers).find(([name]) => names.includes(name))
    const what = header
      ? `header ${header[0]}`
      : covers && writes.body
        ? 'body'
        : (covers ? writes.query : query.filter(([name]) => writes.query.includes(name))).length > 0
          ? 'query'
          : undefined
    if (what)
      throw new EzError(
        'EZ_WRITE_CONFLICT',
        `${id}: it writes the ${what}, which ${earlier.id} may have signed or written. Put it before ${earlier.id}, use one of them, or replacing(…).`,
      )
  }
}
