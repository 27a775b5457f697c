import { type ConcreteRequest, EzError, type PrepareContext, type RequestTemplate } from '@ez/core'
import { joinedSignal } from '../base/abort.ts'
import type { Timers } from '../base/timers.ts'
import type { Attempt } from '../contract/attempt.ts'
import type { ClientStep } from '../contract/client-step.ts'
import type { ClientHooks, ClientOptions, SendOptions, Telemetry } from '../contract/options.ts'
import type { TemplateScript } from '../contract/template-script.ts'
import type { ClockSkew } from '../correction/clock-skew.ts'
import type { Forgetting } from '../correction/forget.ts'
import type { Limiter } from '../limits/limiter.ts'
import { joinSteps } from '../request/steps.ts'
import { type RetryPolicy, retryPolicy } from '../retry/policy.ts'
import type { RetryBudget } from '../retry/retry-budget.ts'
import type { Deadlines } from '../transport/deadlines.ts'
import type { Transports } from '../transport/transports.ts'

/** What all sends of a client share. */
export interface Shared {
  readonly skew: ClockSkew
  readonly forgetting: Forgetting
  readonly limiters: readonly Limiter[]
  readonly budget: RetryBudget
  readonly timers: Timers
  readonly random: () => number
  readonly hooks: ClientHooks
  readonly telemetry: Telemetry | undefined
  readonly transports: Transports
  readonly deadlines: Deadlines
}

/** One send, from its first attempt to its last. */
export interface Send {
  readonly shared: Shared
  readonly template: RequestTemplate
  /** In place of the template, a request in which nothing is a token. */
  readonly concrete: ConcreteRequest | undefined
  readonly steps: readonly ClientStep[]
  readonly templateScripts: readonly TemplateScript[]
  /** Without clock, which is each attempt's own. */
  readonly context: PrepareContext
  readonly clock: () => Date
  /** What the caller wants it sent by. */
  readonly fetch: typeof fetch | undefined
  readonly connectTo: SendOptions['connectTo']
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
  readonly bufferBytes: number
  readonly maxResponseBytes: number | undefined
  readonly policy: RetryPolicy
  /** Whether a refused date or token is put right. */
  readonly corrects: boolean
  readonly maxClockOffsetMs: number
  readonly throwOnError: boolean
  readonly redirect: 'manual' | 'follow' | 'error'
  readonly lane: string
  readonly attempts: Attempt[]
  /** Milliseconds to add to our clock, by this send's own experience. */
  offsetMs: number | undefined
  readonly corrected: Set<'clock-skew' | 'token-expired' | 'challenge'>
  /** Milliseconds waited before the attempt to come. */
  delayMs: number
}

/** A page's own values; a single send is one page. */
export interface PageValues {
  readonly startedAt: Date
  readonly concrete?: ConcreteRequest
  readonly outputs?: Readonly<Record<string, unknown>>
}

/**
 * When a send starts, by its own clock.
 *
 * @throws EZ_CLOCK_INVALID
 */
export function startOf(client: ClientOptions, own: SendOptions): Date {
  try {
    return own.startedAt ?? client.startedAt ?? (own.clock ?? client.clock ?? systemClock)()
  } catch (cause) {
    throw new EzError('EZ_CLOCK_INVALID', 'clock: it threw. See cause.', { cause })
  }
}

// An option that is set to undefined is not set.
function given(options: SendOptions): SendOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

// So that the trace tells where the connection goes.
const connectStep = (connectTo: NonNullable<SendOptions['connectTo']>): ClientStep => ({
  specVersion: 1,
  id: 'connect-to',
  run: ({ url }, context) => {
    const target = typeof connectTo === 'string' ? connectTo : connectTo(url)
    if (target !== undefined) context.log(`The connection goes to ${target}.`)
  },
})

const systemClock = (): Date => new Date()

/** Puts together what the client and one send say. */
export function createSend(
  shared: Shared,
  client: ClientOptions,
  own: SendOptions,
  template: RequestTemplate,
  page: PageValues,
): Send {
  const settings = { ...client, ...given(own) }
  const { allowedHosts, nonce, stepTimeoutMs, log, fetch: send } = settings
  const scriptsSend = send ?? shared.transports.fetch
  const signal = settings.signal && joinedSignal([settings.signal])
  const retry =
    own.retry === false || (own.retry === undefined && client.retry === false)
      ? false
      : { ...(client.retry === false ? {} : client.retry), ...own.retry }
  let uuid: string | undefined
  const createUuid = settings.uuid ?? (() => crypto.randomUUID())
  return {
    shared,
    template,
    concrete: page.concrete,
    steps: joinSteps(
      [
        ...(settings.connectTo === undefined ? [] : [connectStep(settings.connectTo)]),
        ...(client.preRequest ?? []),
      ],
      template.preRequest ?? [],
    ),
    templateScripts: settings.templateScripts ?? [],
    context: {
      variables: { ...client.variables, ...own.variables },
      data: { ...client.data, ...own.data },
      outputs: { ...client.outputs, ...own.outputs, ...page.outputs },
      startedAt: page.startedAt,
      // The same for all attempts of a page, so that it can be an idempotency key.
      uuid: () => (uuid ??= createUuid()),
      ...(allowedHosts === undefined ? {} : { allowedHosts }),
      ...(nonce === undefined ? {} : { nonce }),
      ...(scriptsSend === undefined ? {} : { fetch: scriptsSend }),
      ...(signal === undefined ? {} : { signal }),
      ...(stepTimeoutMs === undefined ? {} : { stepTimeoutMs }),
      ...(log === undefined ? {} : { log }),
    },
    clock: settings.clock ?? systemClock,
    fetch: send,
    connectTo: settings.connectTo,
    maxResponseBytes: settings.maxResponseBytes,
    signal,
    timeoutMs: settings.timeoutMs ?? 60_000,
    bufferBytes: settings.bufferBytes ?? 4_194_304,
    policy: retryPolicy(retry),
    corrects: retry !== false,
    maxClockOffsetMs: settings.maxClockOffsetMs ?? 86_400_000,
    throwOnError: settings.throwOnError ?? false,
    redirect: settings.redirect ?? 'manual',
    lane: settings.lane ?? '',
    attempts: [],
    offsetMs: undefined,
    corrected: new Set(),
    delayMs: 0,
  }
}
