import { Attempt } from './attempt.ts'
import type { PrepareContext } from './context.ts'
import { concreteDraft, type Draft, resolveTemplate } from './draft.ts'
import { EditableDraft, openNames } from './editable.ts'
import { EzError } from './error.ts'
import { type FreezeOptions, freeze } from './freeze.ts'
import type { PreparedRequest } from './prepared.ts'
import type { ConcreteRequest, RequestTemplate, ResolvedRequest } from './request.ts'
import { checkAborted, maskedError, runScript, runSigner } from './run.ts'
import { SealedRequest } from './sealed.ts'
import { sensitiveValues, showRequest } from './show.ts'
import { applyPatch, checkConflict, type Written, withoutDeclared } from './sign.ts'
import type { PreRequestScript, Signer } from './step.ts'

type Steps = readonly (PreRequestScript | Signer)[]

const noSteps: Steps = []

/**
 * Prepares a request: resolve, scripts, outputs, freeze, sign, seal. Nothing is sent.
 *
 * Call it anew for every attempt: clock, nonce and signature are the attempt's own.
 *
 * @throws EZ_VARIABLE_MISSING, EZ_VARIABLE_CYCLE, EZ_OUTPUT_MISSING when a token has no value
 * @throws EZ_TEMPLATE_INVALID, EZ_URL_INVALID, EZ_URL_HOST, EZ_URL_NOT_SENDABLE, EZ_HEADER_INVALID,
 * EZ_HEADER_NOT_SENDABLE, EZ_BODY_INVALID, EZ_BODY_NOT_SENDABLE when the request cannot be sent as written
 * @throws EZ_STEP_ORDER, EZ_SCRIPT_FAILED, EZ_SIGNER_FAILED, EZ_WRITE_UNDECLARED, EZ_UNSIGNED when a step fails
 *
 * @example
 * ```ts
 * import { prepare } from '@ez/core'
 *
 * const prepared = await prepare(
 *   { method: 'GET', url: 'https://{{host}}/orders', query: { since: '{%yesterday%}' } },
 *   { variables: { host: 'api.example.com' } },
 * )
 * console.log(prepared.toCurl())
 * ```
 */
export async function prepare(
  template: RequestTemplate,
  context: PrepareContext = {},
): Promise<PreparedRequest> {
  const attempt = new Attempt(context, template.time)
  try {
    const steps = template.preRequest ?? noSteps
    checkSteps(steps)
    let draft = resolveTemplate(template, attempt.scope)
    while (attempt.scope.unsettled && (await attempt.scope.settle()))
      draft = resolveTemplate(template, attempt.scope)
    return await finish(draft, steps, attempt)
  } catch (error) {
    throw maskedError(error, attempt)
  }
}

/**
 * Runs steps on a request that is already concrete: nothing in it is a token.
 *
 * The body of a `Request` is read whole; the `Request` itself stays unread.
 *
 * @throws the same codes as `prepare`, but those of templates
 *
 * @example
 * ```ts
 * import { signRequest } from '@ez/core'
 *
 * const prepared = await signRequest({ method: 'GET', url: 'https://api.example.com/' }, [])
 * await Promise.resolve(prepared.toRequest())
 * ```
 */
export async function signRequest(
  request: Request | ConcreteRequest,
  steps: readonly (PreRequestScript | Signer)[],
  context: PrepareContext = {},
): Promise<PreparedRequest> {
  const attempt = new Attempt(context, undefined)
  try {
    checkSteps(steps)
    const concrete = request instanceof Request ? await concreteOf(request) : request
    return await finish(concreteDraft(concrete), steps, attempt)
  } catch (error) {
    throw maskedError(error, attempt)
  }
}

async function concreteOf(request: Request): Promise<ConcreteRequest> {
  return {
    method: request.method,
    url: request.url,
    headers: [...request.headers],
    body: request.body === null ? null : new Uint8Array(await request.clone().arrayBuffer()),
  }
}

function checkSteps(steps: Steps): void {
  let signer: string | undefined
  for (const step of steps) {
    if (step.specVersion !== 1)
      throw new EzError(
        'EZ_SPEC_UNSUPPORTED',
        `${step.id}: specVersion ${String(step.specVersion)} is not known to this @ez/core. Install matching versions.`,
      )
    if ('sign' in step) signer ??= step.id
    else if (typeof step.run !== 'function')
      throw new EzError(
        'EZ_SPEC_UNSUPPORTED',
        `${String(step.id)}: it is neither a script (run) nor a signer (sign).`,
      )
    else if (signer !== undefined)
      throw new EzError(
        'EZ_STEP_ORDER',
        `${step.id}: a script stands after the signer ${signer}. Put scripts before signers.`,
      )
  }
}

async function finish(draft: Draft, steps: Steps, attempt: Attempt): Promise<PreparedRequest> {
  const { recorder, context } = attempt
  const scripts = steps.filter((step): step is PreRequestScript => !('sign' in step))
  const signers =
    scripts.length === steps.length ? [] : steps.filter((step): step is Signer => 'sign' in step)
  const options: FreezeOptions = {
    runtime: attempt.runtime,
    canonicalUrls: signers.flatMap((signer) =>
      signer.canonicalUrl ? [(url: string) => signer.canonicalUrl?.(url) ?? url] : [],
    ),
    allowedHosts: context.allowedHosts,
    boundary: () => attempt.boundary(),
  }

  let request: ResolvedRequest
  if (scripts.length === 0) request = freeze(draft, options)
  else {
    const editable = new EditableDraft(draft, options, recorder.masked)
    for (const [index, script] of scripts.entries()) {
      const wanted = openNames(draft)
      for (const later of scripts.slice(index + 1)) for (const name of later.reads ?? []) wanted.add(name)
      await runScript(script, editable, attempt, wanted)
    }
    request = editable.freeze()
  }
  const frozen = request
  recorder.add('freeze', 'request', (mask) => showRequest(frozen, mask))

  const written: Written = { headers: new Map(), last: undefined }
  for (const signer of signers) {
    checkAborted(attempt)
    checkConflict(signer, written)
    const started = recorder.live ? performance.now() : 0
    const input = withoutDeclared(request, signer)
    const result = await runSigner(signer, input, attempt)
    request = applyPatch(input, signer, result, written, recorder)
    if (recorder.live) recorder.tell(signer.id, 'duration-ms', (performance.now() - started).toFixed(3))
  }
  for (const value of sensitiveValues(request)) recorder.masked.add(value)
  const sealed = request
  recorder.add('seal', 'request', (mask) => showRequest(sealed, mask))
  return new SealedRequest(request, recorder)
}
