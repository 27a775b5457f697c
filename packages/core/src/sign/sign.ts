import type { Attempt } from '../attempt/attempt.ts'
import { checkAborted, stepError } from '../attempt/failure.ts'
import { withTimeLimit } from '../attempt/time-limit.ts'
import { EzError } from '../base/error.ts'
import { isThenable } from '../base/promises.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import type { Signer, SignResult } from '../contract/step.ts'
import type { Mask } from '../masking/mask.ts'
import { maskHeader, maskInQuery } from '../trace/show.ts'
import { lowerCase, withoutDeclared } from './declared.ts'
import { applyPatch, checkResult, type Patch, readPatch } from './patch.ts'
import { AttemptSignContext } from './sign-context.ts'

/** Signs a request with one signer after the other. @throws EZ_WRITE_CONFLICT, EZ_WRITE_UNDECLARED, EZ_UNSIGNED */
export async function signAll(
  frozen: ResolvedRequest,
  signers: readonly Signer[],
  attempt: Attempt,
): Promise<ResolvedRequest> {
  const { recorder } = attempt
  const applied: Patch[] = []
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
    const patch = readPatch(input, signer, checkResult(signer.id, result))
    applied.push(patch)
    request = applyPatch(input, patch)
    recorder.concealRequest(request)
    for (const value of result.secrets ?? []) recorder.conceal(value)
    for (const stage of result.trace) recorder.add(signer.id, stage.id, stage.value)
    recorder.add(signer.id, 'patch', (mask) => describePatch(patch, mask))
    if (recorder.isLive) recorder.log(signer.id, 'duration-ms', (performance.now() - began).toFixed(3))
  }
  return request
}

/** @throws EZ_WRITE_CONFLICT when a signer would undo or falsify what an earlier one signed */
function checkConflict(request: ResolvedRequest, signer: Signer, applied: readonly Patch[]): void {
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

function describePatch({ headers, query }: Patch, mask: Mask): string {
  return [
    ...headers.map(([name, value]) => `${name}: ${maskHeader(name, value, mask)}`),
    ...query.map(([name, value]) => `?${name}=${maskInQuery(name, value, mask)}`),
  ].join('\n')
}
