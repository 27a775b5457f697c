import { type PrepareContext, type PreparedRequest, prepare, signRequest } from '@ez/core'
import type { Send } from './send-context.ts'

/** A request prepared for one attempt, and by which clock. */
export interface PreparedAttempt {
  readonly prepared: PreparedRequest
  readonly context: PrepareContext
  readonly host: string
  /** Milliseconds that were added to our clock. */
  readonly offsetMs: number
}

/** Prepares one attempt anew, by the clock of its host. */
export async function prepareAttempt(send: Send, expectedHost: string | undefined): Promise<PreparedAttempt> {
  const { skew } = send.shared
  const offsetMs = send.offsetMs ?? skew.of(expectedHost)
  const first = await preparedWith(send, offsetMs)
  const actual = send.offsetMs ?? skew.of(first.host)
  // A host that only the scripts knew: once more, by its clock.
  return actual === offsetMs ? first : preparedWith(send, actual)
}

async function preparedWith(send: Send, offsetMs: number): Promise<PreparedAttempt> {
  const context: PrepareContext = {
    ...send.context,
    clock: offsetMs === 0 ? send.clock : () => new Date(send.clock().getTime() + offsetMs),
  }
  const prepared = await (send.concrete
    ? signRequest(send.concrete, send.steps, context)
    : prepare({ ...send.template, preRequest: send.steps }, context))
  return { prepared, context, host: new URL(prepared.url).host, offsetMs }
}

/**
 * The host that a template will call, as far as its URL alone tells; `undefined` when only a script knows it.
 *
 * Limits and clocks are the host's, and both must be known before the request is prepared: a signature that
 * waits in a queue goes stale.
 */
export async function expectedHost(send: Send): Promise<string | undefined> {
  const { limiters, skew } = send.shared
  if (limiters.length === 0 && !skew.any) return undefined
  if (send.concrete) return new URL(send.concrete.url).host
  const { url, time } = send.template
  const context = { ...send.context, clock: send.clock, log: () => undefined }
  for (const known of [url, fixedPart(url)]) {
    if (known === undefined) continue
    try {
      const prepared = await prepare({ method: 'GET', url: known, ...(time ? { time } : {}) }, context)
      return new URL(prepared.url).host
    } catch {
      // Whatever is wrong with it is told when the request is prepared whole.
    }
  }
  return undefined
}

// What stands before the first runtime value, when that is in the path or the query.
function fixedPart(url: string): string | undefined {
  if (typeof url !== 'string') return undefined
  const part = url.split('{%', 1)[0] as string
  return part !== url && /^(?:[^/?#]*:\/\/)?[^/?#]+[/?#]/.test(part) ? part : undefined
}
