import type { Signer } from '@ez/core'
import type { ClientStep } from '../contract/client-step.ts'

const isSigner = (step: ClientStep): step is Signer => 'sign' in step

/**
 * The client's own steps and a template's as one list: the client's scripts, the template's scripts, the
 * client's signers, the template's signers.
 *
 * A template whose own order is wrong keeps it, so that core can say so.
 */
export function joinSteps(
  own: readonly ClientStep[],
  template: readonly ClientStep[],
): readonly ClientStep[] {
  if (own.length === 0) return template
  if (template.length === 0) return own
  const ownSigner = own.findIndex(isSigner)
  const templateSigner = template.findIndex(isSigner)
  const ownScripts = ownSigner < 0 ? own.length : ownSigner
  const templateScripts = templateSigner < 0 ? template.length : templateSigner
  return [
    ...own.slice(0, ownScripts),
    ...template.slice(0, templateScripts),
    ...own.slice(ownScripts),
    ...template.slice(templateScripts),
  ]
}

/** The signers of a list. */
export function signersOf(steps: readonly ClientStep[]): readonly Signer[] {
  return steps.filter(isSigner)
}
