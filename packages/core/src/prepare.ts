import { Attempt } from './attempt/attempt.ts'
import { checkAborted, maskError } from './attempt/failure.ts'
import { checkTimeLimit, withTimeLimit } from './attempt/time-limit.ts'
import { checkContextNames, checkTemplateNames } from './check/misspelt-names.ts'
import { checkSteps, type Steps } from './check/steps.ts'
import { concreteDraft } from './concrete/concrete.ts'
import { isRequest, readRequest } from './concrete/read-request.ts'
import type { PrepareContext } from './contract/context.ts'
import type { PreparedRequest } from './contract/prepared.ts'
import type { ConcreteRequest } from './contract/request.ts'
import type { PreRequestScript, Signer } from './contract/step.ts'
import type { RequestTemplate, TimeOptions } from './contract/template.ts'
import { freeze } from './freeze/freeze.ts'
import { fillDraft } from './outputs/fill-draft.ts'
import { resolve } from './resolve/resolve-template.ts'
import { runScripts } from './scripts/run-scripts.ts'
import { SealedRequest, seal } from './seal/sealed-request.ts'
import { signAll } from './sign/sign.ts'
import type { Draft } from './template/draft.ts'
import { Recorder } from './trace/recorder.ts'

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
    return resolve(template, attempt.variables, (pending) => withTimeLimit(pending, 'variables', attempt))
  })
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
  steps: Steps,
  context: PrepareContext = {},
): Promise<PreparedRequest> {
  if (!isRequest(request)) return run(steps, context, undefined, () => concreteDraft(request))
  const start = async (attempt: Attempt) =>
    concreteDraft(await readRequest(request, (pending) => withTimeLimit(pending, 'request', attempt)))
  return run(steps, context, undefined, start, request.signal)
}

/** The pipeline: everything that both entries share. Waits only for what is asynchronous. */
async function run(
  steps: Steps,
  context: PrepareContext | null,
  time: TimeOptions | undefined,
  start: (attempt: Attempt) => Draft | Promise<Draft>,
  signal?: AbortSignal,
): Promise<PreparedRequest> {
  const recorder = new Recorder(context ?? {}, SealedRequest.secretsOf)
  const attempt = new Attempt(context ?? {}, recorder, time, signal)
  try {
    checkAborted(attempt)
    checkContextNames(attempt.context)
    checkTimeLimit(attempt.context)
    // A broken clock is told even when nothing asks for the time.
    attempt.clock.now()
    const firstSigner = checkSteps(steps)
    const scripts = (firstSigner === 0 ? noSteps : steps.slice(0, firstSigner)) as readonly PreRequestScript[]
    const signers = (firstSigner === 0 ? steps : steps.slice(firstSigner)) as readonly Signer[]

    const started = start(attempt)
    const draft = started instanceof Promise ? await started : started
    const reading = scripts.length === 0 ? undefined : await runScripts(scripts, signers, draft, attempt)
    const filled = fillDraft(draft, attempt.runtimeValues)
    const frozen = freeze(filled, signers, attempt, reading)
    recorder.addRequest('freeze', frozen)
    const signed = signers.length === 0 ? frozen : await signAll(frozen, signers, attempt)
    checkAborted(attempt)
    return seal(signed, recorder)
  } catch (error) {
    attempt.cancelStream()
    throw maskError(error, attempt)
  }
}
