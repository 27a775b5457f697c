import { type PrepareContext, type PreparedRequest, prepare, signRequest } from '@ez/core'
import type { TemplateDraft } from '../contract/template-script.ts'
import { runTemplateScripts } from '../request/run-template-scripts.ts'
import { remembering } from './remembering.ts'
import type { Send, Shared } from './send-context.ts'

/** A request prepared for one attempt, and by which clock. */
export interface PreparedAttempt {
  readonly prepared: PreparedRequest
  /** For the redirects that follow from it. */
  readonly context: PrepareContext
  readonly host: string
  /** Milliseconds that were added to our clock. */
  readonly offsetMs: number
}

/** The context of one attempt. Limits and clocks are the host's: to know it, the URL is prepared on its own first. */
export function attemptContext({ shared, context }: Send): PrepareContext {
  return needsHost(shared) ? remembering(context) : context
}

function needsHost({ limiters, skew }: Shared): boolean {
  return limiters.length > 0 || skew.any
}

/** Prepares one attempt anew, by the clock of its host. */
export async function prepareAttempt(
  send: Send,
  context: PrepareContext,
  expectedHost: string | undefined,
): Promise<PreparedAttempt> {
  const { skew } = send.shared
  const offsetMs = send.offsetMs ?? skew.of(expectedHost)
  const draft = await draftOf(send, context, offsetMs)
  const first = await preparedWith(send, draft, offsetMs)
  const actual = send.offsetMs ?? skew.of(first.host)
  // A host that only the scripts knew: once more, by its clock.
  if (actual === offsetMs) return first
  const { clock: _, ...rest } = draft.context
  return preparedWith(send, { ...draft, context: rest }, actual)
}

// Once an attempt: what a template script does may not be done twice.
async function draftOf(send: Send, own: PrepareContext, offsetMs: number): Promise<TemplateDraft> {
  const { template, templateScripts, concrete } = send
  if (concrete || templateScripts.length === 0) return { template, context: own }
  // The instant of the attempt: scripts and time tokens tell the same.
  const now = clockOf(send, offsetMs)()
  return runTemplateScripts({ template, context: { ...own, clock: () => now } }, templateScripts)
}

const clockOf = ({ clock }: Send, offsetMs: number): (() => Date) =>
  offsetMs === 0 ? clock : () => new Date(clock().getTime() + offsetMs)

async function preparedWith(send: Send, draft: TemplateDraft, offsetMs: number): Promise<PreparedAttempt> {
  const clock = draft.context.clock ?? clockOf(send, offsetMs)
  const context = { ...draft.context, clock }
  const prepared = await (send.concrete
    ? signRequest(send.concrete, send.steps, context)
    : prepare({ ...draft.template, preRequest: [...send.steps] }, context))
  // A redirect is signed with a nonce of its own.
  return { prepared, context: { ...send.context, clock }, host: new URL(prepared.url).host, offsetMs }
}

/**
 * The host that a template will call, as far as its URL alone tells; `undefined` when only a script knows it.
 *
 * Limits and clocks are the host's, and both must be known before the request is prepared: a signature that
 * waits in a queue goes stale.
 */
export async function expectedHost(send: Send, own: PrepareContext): Promise<string | undefined> {
  if (!needsHost(send.shared)) return undefined
  if (send.concrete) return new URL(send.concrete.url).host
  const { url, time } = send.template
  // Our clock is read when the attempt is prepared: no host depends on the second.
  const clock = (): Date => own.startedAt ?? send.clock()
  const context = { ...own, clock, log: () => undefined }
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
