import type { ResolvedRequest } from '@ez/core'
import { receive, verifierSettings } from '@ez/core/received'
import { compile } from '../compile/program.ts'
import type { SignatureDescription } from '../language/description.ts'
import type { Claim } from './claim.ts'
import { judge } from './judge.ts'
import type { VerifiedSignature, VerifyRequest, VerifySignatureOptions } from './options.ts'
import { compilePlacements, isThere, type Letter, readPlacement } from './placement.ts'

export type {
  VerifiedSignature,
  VerifierSecret,
  VerifyRequest,
  VerifySignatureOptions,
} from './options.ts'
export type { RefusalCode } from './refusal.ts'

const id = 'verify signature'
const decoder = new TextDecoder()

/**
 * Makes the verifier of a described scheme. It reads received bytes by readers of its own.
 *
 * The verifier throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_TOKEN_MISMATCH, EZ_SCOPE_MISMATCH, EZ_CLOCK_SKEW (`details.clockOffsetMs`: milliseconds, positive when the caller
 * is behind), EZ_SIGNATURE_EXPIRED, EZ_HEADER_UNSIGNED, EZ_SIGNATURE_MISMATCH (`details.stages`: the texts of the
 * stages by their names), EZ_BODY_MISMATCH, EZ_NONCE_SEEN, EZ_COMPONENT_MISSING, EZ_BRANCH_MISSING, EZ_BODY_UNSIGNABLE,
 * EZ_BODY_INVALID, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID and EZ_OPTION_INVALID.
 *
 * @throws EZ_OPTION_INVALID for a description that is wrong, or whose writes cannot be read back
 *
 * @example
 * ```ts
 * import { verifySignature } from '@ez/signature/verify'
 *
 * const verify = verifySignature({
 *   id: 'example-webhook',
 *   options: { secret: 'secret' },
 *   time: { timestamp: 'unix' },
 *   signature: { hmac: 'sha256', key: 'secret', of: '{timestamp}.{body}', as: 'hex' },
 *   writes: { headers: { 'x-timestamp': '{timestamp}', 'x-signature': '{signature}' } },
 * })
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { body } = await verify(request, { secretFor: () => 'example-secret' })
 *   return new Response(body === null ? 'unsigned' : 'signed')
 * }
 * ```
 */
export function verifySignature(description: SignatureDescription): VerifyRequest {
  const program = compile(description)
  const placements = compilePlacements(program, description)
  const { tolerance = 300 } = description.receives ?? {}
  const readsBody = placements.some(({ writes }) => writes.some(({ to }) => to === 'form' || to === 'json'))
  return async (
    request: Request | ResolvedRequest,
    options: VerifySignatureOptions,
  ): Promise<VerifiedSignature> => {
    const rules = { options: 'object?', requires: 'array?', nonceSeen: 'function?' }
    const settings = verifierSettings(id, options, rules, { maxSkewSeconds: tolerance })
    const received = receive(id, request, options.url)
    received.absoluteUrl()
    const body = readsBody ? await received.readBody(settings.maxBodyBytes) : undefined
    const [, path = '', query = ''] =
      /^[^:]+:\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?/.exec(received.calledUrl) ?? []
    const letter: Letter = { received, path, query, body: body ? decoder.decode(body) : '' }
    const placement = placements.find((one) => isThere(one, letter)) ?? placements[0]
    const claim: Claim = {
      description,
      program,
      placement: placement as (typeof placements)[number],
      captured: readPlacement(placement as (typeof placements)[number], letter),
      received,
      body,
    }
    return judge(claim, options, settings)
  }
}
