import { Attempt } from './attempt/attempt.ts'
import { checkAborted, maskedError } from './attempt/failure.ts'
import { checkLimit, limited } from './attempt/time-limit.ts'
import { EzError } from './base/error.ts'
import { checkContextNames, checkTemplateNames } from './check/misspelt-names.ts'
import { concreteOf, isRequest } from './concrete/read-request.ts'
import type { PrepareContext } from './contract/context.ts'
import type { PreparedRequest } from './contract/prepared.ts'
import type { ConcreteRequest, RequestTemplate, TimeOptions } from './contract/request.ts'
import type { PreRequestScript, Signer } from './contract/step.ts'
import { freeze } from './freeze/freeze.ts'
import { concreteDraft, type Draft, resolveTemplate } from './resolve/resolve-template.ts'
import { runScripts } from './scripts/run-scripts.ts'
import { SealedRequest } from './seal/sealed-request.ts'
import { signAll } from './sign/sign.ts'

type Steps = readonly (PreRequestScript | Signer)[]

const noSteps: Steps = []

/**
 * Prepares a request: resolve, scripts, outputs, freeze, sign, seal. Nothing is sent.
 *
 * Call it anew for every attempt: clock, nonce and signature are the attempt's own.
 *
 * @throws EZ_VARIABLE_MISSING, EZ_VARIABLE_CYCLE, EZ_VARIABLE_FAILED, EZ_VARIABLE_TOO_LARGE, EZ_OUTPUT_MISSING,
 * EZ_NAME_RESERVED, EZ_TIME_INVALID when a token has no value, or none that can be used
 * @throws EZ_TEMPLATE_INVALID, EZ_METHOD_INVALID, EZ_URL_INVALID, EZ_URL_HOST, EZ_URL_NOT_SENDABLE, EZ_HOST_NOT_ALLOWED,
 * EZ_HEADER_INVALID, EZ_HEADER_NOT_SENDABLE, EZ_BODY_INVALID, EZ_BODY_NOT_SENDABLE, EZ_TEXT_INVALID when the request
 * cannot be sent as written
 * @throws EZ_SPEC_UNSUPPORTED, EZ_STEP_ORDER when a step is none, or stands in the wrong place
 * @throws EZ_SCRIPT_FAILED, EZ_SCRIPT_VALUE, EZ_CHANGED_AFTER_READ, EZ_SIGNER_FAILED, EZ_WRITE_UNDECLARED,
 * EZ_WRITE_CONFLICT, EZ_UNSIGNED, EZ_STEP_TIMEOUT, and the codes of the step itself, when a step fails
 * @throws EZ_OPTION_INVALID, EZ_CLOCK_INVALID for a context that cannot be used
 * @throws EZ_ABORTED, EZ_PREPARE_FAILED when it was aborted, or failed otherwise
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
export function prepare(template: RequestTemplate, context: PrepareContext = {}): Promise<PreparedRequest> {
  return run(template?.preRequest ?? noSteps, context, template?.time ?? undefined, (attempt) => {
    checkTemplateNames(template)
    const draft = resolveTemplate(template, attempt.scope)
    return attempt.scope.unsettled ? settled(template, attempt) : draft
  })
}

/** Waits for variables that have to be fetched, and tells which are missing. */
async function settled(template: RequestTemplate, attempt: Attempt): Promise<Draft> {
  const { scope } = attempt
  for (;;) {
    const again = await limited(scope.settle(), 'variables', attempt)
    const draft = resolveTemplate(template, scope)
    if (!again) return draft
  }
}

/**
 * Runs steps on a request that is already concrete: nothing in it is a token.
 *
 * The body of a `Request` is read whole, within `stepTimeoutMs`; the `Request` itself stays unread. Its own signal
 * aborts too.
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
export function signRequest(
  request: Request | ConcreteRequest,
  steps: readonly (PreRequestScript | Signer)[],
  context: PrepareContext = {},
): Promise<PreparedRequest> {
  if (!isRequest(request)) return run(steps, context, undefined, () => concreteDraft(request))
  const start = async (attempt: Attempt) => concreteDraft(await concreteOf(request, attempt))
  return run(steps, context, undefined, start, request.signal)
}

/** The index of the first signer; all steps before it are scripts. */
function checkSteps(steps: Steps): number {
  if (!Array.isArray(steps))
    throw new EzError('EZ_TEMPLATE_INVALID', 'preRequest: it must be a list of steps.')
  let firstSigner = steps.length
  if (firstSigner === 0) return 0
  for (const [index, step] of steps.entries()) {
    if (typeof step !== 'object' || step === null)
      throw new EzError('EZ_SPEC_UNSUPPORTED', `preRequest[${index}]: it is neither a script nor a signer.`)
    if (step.specVersion !== 1)
      throw new EzError(
        'EZ_SPEC_UNSUPPORTED',
        `${step.id}: specVersion ${String(step.specVersion)} is not known to this @ez/core. Install matching versions.`,
      )
    if ('sign' in step) {
      if (!Array.isArray(step.writes?.headers) || !Array.isArray(step.writes.query))
        throw new EzError('EZ_SPEC_UNSUPPORTED', `${step.id}: the signer does not declare what it writes.`)
      firstSigner = Math.min(firstSigner, index)
    } else if (typeof step.run !== 'function')
      throw new EzError(
        'EZ_SPEC_UNSUPPORTED',
        `${String(step.id)}: it is neither a script (run) nor a signer (sign).`,
      )
    else if (firstSigner < index)
      throw new EzError(
        'EZ_STEP_ORDER',
        `${step.id}: a script stands after the signer ${steps[firstSigner]?.id}. Put scripts before signers.`,
      )
  }
  return firstSigner
}

/** The pipeline: everything that both entries share. Waits only for what is asynchronous. */
async function run(
  steps: Steps,
  context: PrepareContext,
  time: TimeOptions | undefined,
  start: (attempt: Attempt) => Draft | Promise<Draft>,
  signal?: AbortSignal,
): Promise<PreparedRequest> {
  const attempt = new Attempt(context ?? {}, time, signal)
  const { recorder } = attempt
  try {
    checkAborted(attempt)
    checkContextNames(attempt.context)
    checkLimit(attempt.context)
    // A clock that is broken is told even when nothing asks for the time.
    void attempt.instant
    const firstSigner = checkSteps(steps)
    const signers = (firstSigner === 0 ? steps : steps.slice(firstSigner)) as readonly Signer[]
    attempt.signers = signers
    const started = start(attempt)
    const draft = started instanceof Promise ? await started : started
    const frozen =
      firstSigner === 0
        ? freeze(draft, attempt)
        : await runScripts(steps.slice(0, firstSigner) as readonly PreRequestScript[], draft, attempt)
    recorder.addRequest('freeze', frozen)

    const request = signers.length === 0 ? frozen : await signAll(frozen, signers, attempt)
    checkAborted(attempt)
    recorder.addRequest('seal', request)
    return new SealedRequest(request, recorder)
  } catch (error) {
    attempt.close()
    throw maskedError(error, attempt)
  }
}
