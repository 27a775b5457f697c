import { EzError, type PreparedRequest } from '@ez/core'
import type { Adapter, Options, Verified } from '../schemes/adapter.ts'
import { instantOfRequest } from './instant.ts'

/** What a verifier makes of a request. */
export interface Judgement {
  /** What the signature covers, when it is right. */
  readonly verified?: Verified
  /** Why it is refused. */
  readonly refusal?: EzError
  /** What the verifier worked out, by the names that the stages have in a trace. */
  readonly stages: ReadonlyMap<string, string>
}

/** Asks the package's verifier, at the instant at which the request says that it was signed. */
export async function judge(
  adapter: Adapter,
  prepared: PreparedRequest,
  options: Options,
  at: Date = instantOfRequest(prepared) ?? new Date(),
): Promise<Judgement> {
  try {
    return { verified: await adapter.verify(prepared, options, at), stages: new Map() }
  } catch (error) {
    if (!EzError.isInstance(error)) throw error
    const stages = Object.entries((error.details.stages ?? {}) as Record<string, string>)
    return { refusal: error, stages: new Map(stages) }
  }
}

/**
 * What was signed, without the secret: a verifier that is given nobody's refuses, and says what it worked out. Its clock
 * is put to the instant of the request.
 */
export async function workedOut(adapter: Adapter, prepared: PreparedRequest): Promise<Judgement> {
  const options = adapter.nobody(prepared)
  const first = await judge(adapter, prepared, options)
  const { code, details } = first.refusal ?? {}
  if (code !== 'EZ_CLOCK_SKEW' || typeof details?.clockOffsetMs !== 'number') return first
  return judge(adapter, prepared, options, new Date(Date.now() - details.clockOffsetMs))
}
