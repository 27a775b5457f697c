import type { Signer } from '../contract/step.ts'

/**
 * The same signer, allowed to replace what an earlier signer wrote; without it that is `EZ_WRITE_CONFLICT`.
 *
 * @example
 * ```ts
 * import { replacing, type Signer } from '@ez/core'
 *
 * declare const signer: Signer
 * const second = replacing(signer)
 * console.log(second.id)
 * ```
 */
export function replacing(signer: Signer): Signer {
  const { specVersion, id, writes, signs } = signer
  return {
    specVersion,
    id,
    writes,
    replaces: true,
    ...(signs === false ? { signs } : {}),
    sign: (request, context) => signer.sign(request, context),
    ...(signer.canonicalUrl ? { canonicalUrl: (url: string) => signer.canonicalUrl?.(url) ?? url } : {}),
    ...(signer.diagnose
      ? {
          diagnose: (...parameters: Parameters<NonNullable<Signer['diagnose']>>) =>
            signer.diagnose?.(...parameters),
        }
      : {}),
  }
}
