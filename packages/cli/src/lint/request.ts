import { EzError, type PrepareContext } from '@ez/core'
import { problemError } from '@ez/request-file'
import { isMissing, locatedError } from '../files/locate.ts'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import type { MadeStep } from '../providers/load.ts'
import { usesMachineCredentials } from '../providers/machine-credentials.ts'
import { isPostman } from '../providers/postman.ts'
import type { Session } from '../session.ts'
import { postmanStandIns } from './postman.ts'
import { lintPythonSteps } from './python.ts'
import { writtenSecrets } from './secrets.ts'

/**
 * Everything that is wrong with a request, as coded errors.
 *
 * Steps are made, so that their options are checked, and signers sign, unless their credentials are this machine's. Scripts do not run, since they may call
 * out; but for Python scripts, which are tried in their sandbox.
 */
export async function lintRequest(
  session: Session,
  request: LoadedRequest,
  overrides: PrepareContext = {},
  postmanTexts?: readonly string[],
): Promise<unknown[]> {
  const found: unknown[] = writtenSecrets(request)
  let namesAreOpen = false
  const isOpen = (error: unknown): boolean =>
    isOutputOfScript(error, request) || (namesAreOpen && isMissing(error))
  try {
    const texts = postmanTexts ?? (await session.postman.texts(request))
    const standIns = postmanStandIns(request, texts)
    const known = texts.length > 0 ? await session.context(request) : undefined
    const own = known ? { ...overrides, variables: { ...standIns, ...known.variables } } : overrides
    const { postman: _, ...ready } = await session.readyOnce(request, own)
    namesAreOpen = standIns === undefined
    const steps = ready.template.preRequest ?? []
    const order = orderProblem(request, steps)
    if (order) found.push(order)
    await session.expectation(request, ready)
    await session
      .prepareWith(request, {
        ...ready,
        template: { ...ready.template, preRequest: steps.map(dormantIn(request)) },
      })
      .catch((error: unknown) => {
        if (!isOpen(error)) throw error
      })
    // Only with all variables: without them a script fails for no reason of its own.
    found.push(...(await lintPythonSteps(session, request, ready)))
  } catch (error) {
    if (!isOpen(error)) found.push(locatedError(error, request))
  }
  return found
}

// Outputs come from scripts, which do not run here: with a script in the list, a missing output is no finding.
function isOutputOfScript(error: unknown, request: LoadedRequest): boolean {
  return (
    EzError.isInstance(error) &&
    error.code === 'EZ_OUTPUT_MISSING' &&
    (request.value.preRequest ?? []).length > 0
  )
}

// Signers with this machine's credentials would look for them, over the network too.
function dormantIn({ value }: LoadedRequest): (step: MadeStep) => MadeStep {
  const mayAsk = (value.preRequest ?? []).some(usesMachineCredentials)
  return (step) => ('sign' in step && !mayAsk ? step : { specVersion: 1, id: step.id, run: () => {} })
}

function orderProblem(request: LoadedRequest, steps: readonly MadeStep[]): EzError | undefined {
  const written = (request.value.preRequest ?? []).filter((step) => !isPostman(step))
  const offset = steps.length - written.length
  const signer = steps.findIndex((step) => 'sign' in step)
  const late = steps.findIndex((step, index) => signer !== -1 && index > signer && !('sign' in step))
  if (late === -1) return undefined
  const { source, path } = layerOf(request, 'preRequest')
  const message = `a script stands after the signer ${steps[signer]?.id}. Put scripts before signers.`
  return problemError(
    [
      source.problem(
        [...path, 'preRequest', late - offset + (request.value.preRequest ?? []).length - written.length],
        message,
      ),
    ],
    'EZ_STEP_ORDER',
  )
}
