import { EzError } from '../base/error.ts'
import type { PreRequestScript, Signer } from '../contract/step.ts'

/** Scripts first, signers after them. */
export type Steps = readonly (PreRequestScript | Signer)[]

const noStep = (index: number): EzError =>
  new EzError(
    'EZ_SPEC_UNSUPPORTED',
    `preRequest[${index}]: it is neither a script (run) nor a signer (sign).`,
  )

/**
 * The index of the first signer; all steps before it are scripts.
 *
 * @throws EZ_TEMPLATE_INVALID, EZ_SPEC_UNSUPPORTED, EZ_STEP_ORDER for what is no list of steps in that order
 */
export function checkSteps(steps: Steps): number {
  if (!Array.isArray(steps))
    throw new EzError('EZ_TEMPLATE_INVALID', 'preRequest: it must be a list of steps.')
  let firstSigner = steps.length
  if (firstSigner === 0) return 0
  for (const [index, step] of steps.entries()) {
    if (typeof step !== 'object' || step === null) throw noStep(index)
    if (step.specVersion !== 1)
      throw new EzError(
        'EZ_SPEC_UNSUPPORTED',
        `${step.id}: specVersion ${String(step.specVersion)} is not known to this @ez/core. Install matching versions.`,
      )
    if ('sign' in step) {
      if (!Array.isArray(step.writes?.headers) || !Array.isArray(step.writes.query))
        throw new EzError('EZ_SPEC_UNSUPPORTED', `${step.id}: the signer does not declare what it writes.`)
      firstSigner = Math.min(firstSigner, index)
    } else if (typeof step.run !== 'function') throw noStep(index)
    else if (firstSigner < index)
      throw new EzError(
        'EZ_STEP_ORDER',
        `${step.id}: a script stands after the signer ${steps[firstSigner]?.id}. Put scripts before signers.`,
      )
  }
  return firstSigner
}
