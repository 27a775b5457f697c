import { checkOptions, EzError, type PrepareContext, type PreparedRequest } from '@ez/core'
import type { Attempt } from './attempts.ts'
import type { RateLimit } from './limits.ts'
import type { RetryOptions } from './retry.ts'
import type { ClientStep } from './steps.ts'
import type { Timers } from './timers.ts'

/** Told, and waited for, as a send goes on. They read; what is sealed stays as it is. */
export interface ClientHooks {
  /** Before an attempt is sent; `number` is 1 for the first. */
  beforeAttempt?(prepared: PreparedRequest, number: number): void | Promise<void>
  /** After an answer, or the failure to get one. */
  afterAttempt?(attempt: Attempt, number: number): void | Promise<void>
  /** Before a retry, and before the wait for it. */
  beforeRetry?(attempt: Attempt, delayMs: number): void | Promise<void>
}

/** What a telemetry of the client is; see `@ez/client/telemetry`. */
export interface Telemetry {
  send(name: string | undefined, run: () => Promise<Response>): Promise<Response>
  attempt(prepared: PreparedRequest, number: number, run: () => Promise<Attempt>): Promise<Attempt>
}

/** What can be set for a client, and otherwise for one send. */
export interface SendOptions extends Omit<PrepareContext, 'signal' | 'secretsOf'> {
  /** Ends the send, wherever it is: waiting, preparing, sending, receiving. */
  readonly signal?: AbortSignal
  /** Milliseconds for one attempt, from sending to the whole answer (default 60,000). */
  readonly timeoutMs?: number
  /** `false` sends once, and corrects nothing. */
  readonly retry?: RetryOptions | false
  /** Reject with `EZ_HTTP_STATUS` for a status of 400 and above (default `false`). */
  readonly throwOnError?: boolean
  /**
   * `manual` (default): a redirect is an answer like any other. `follow`: on the same origin it is signed anew; to
   * another one only a GET goes, without signature, secret or cookie. `error`: `EZ_REDIRECTED`.
   */
  readonly redirect?: 'manual' | 'follow' | 'error'
  /**
   * Bytes of a body that are received before `send` resolves, so that one that breaks off is retried (default
   * 4,194,304). A longer one is passed on as a stream.
   */
  readonly bufferBytes?: number
  /** Who waits for a rate limit: lanes take turns (default: one lane for all). */
  readonly lane?: string
}

/** What can be set for a client. */
export interface ClientOptions extends SendOptions {
  /** Scripts and signers of every request; scripts run before the template's, signers before its signers. */
  readonly preRequest?: readonly ClientStep[]
  readonly rateLimit?: RateLimit | readonly RateLimit[]
  readonly hooks?: ClientHooks
  readonly telemetry?: Telemetry
  /** 0 to 1, for the back-off (default `Math.random`). */
  readonly random?: () => number
  readonly timers?: Timers
}

const contextRules = {
  variables: 'object?',
  data: 'object?',
  outputs: 'object?',
  allowedHosts: 'array?',
  clock: 'function?',
  startedAt: 'object?',
  nonce: 'function?',
  uuid: 'function?',
  fetch: 'function?',
  stepTimeoutMs: 'number?',
  log: 'function?',
}
const sendRules = {
  ...contextRules,
  signal: 'object?',
  timeoutMs: 'number?',
  retry: 'object|boolean?',
  throwOnError: 'boolean?',
  redirect: "'manual'|'follow'|'error'?",
  bufferBytes: 'number?',
  lane: 'text?',
}
const clientRules = {
  ...sendRules,
  preRequest: 'array?',
  rateLimit: 'object|array?',
  hooks: 'object?',
  telemetry: 'object?',
  random: 'function?',
  timers: 'object?',
}
const hookRules = { beforeAttempt: 'function?', afterAttempt: 'function?', beforeRetry: 'function?' }
const retryRules = {
  limit: 'number?',
  baseDelayMs: 'number?',
  maxDelayMs: 'number?',
  maxRetryAfterMs: 'number?',
  repeat: "'when-safe'|'when-idempotent'|'always'?",
  budget: 'boolean?',
}
const limitRules = {
  key: 'function?',
  concurrency: 'number?',
  perSecond: 'number?',
  burst: 'number?',
  learn: 'boolean?',
}

/** @throws EZ_OPTION_INVALID */
export function checkClientOptions(options: ClientOptions): void {
  checkOptions('client', options, clientRules)
  checkNumbers('client', options)
  if (options.hooks) checkOptions('client.hooks', options.hooks, hookRules)
  checkMethods('telemetry', options.telemetry, ['send', 'attempt'])
  checkMethods('timers', options.timers, ['now', 'wait'])
  for (const limit of limitsOf(options)) {
    checkOptions('client.rateLimit', limit, limitRules)
    atLeast('client.rateLimit', 'concurrency', limit.concurrency, 1)
    wholeNumber('client.rateLimit', 'concurrency', limit.concurrency)
    atLeast('client.rateLimit', 'burst', limit.burst, 1)
    if (limit.perSecond !== undefined && limit.perSecond <= 0)
      throw invalid('client.rateLimit', 'perSecond', 'more than 0')
    if (limit.concurrency === undefined && limit.perSecond === undefined)
      throw new EzError('EZ_OPTION_INVALID', 'client.rateLimit: it needs concurrency or perSecond.')
  }
}

/** @throws EZ_OPTION_INVALID */
export function checkSendOptions(options: SendOptions): void {
  checkOptions('send', options, sendRules)
  checkNumbers('send', options)
}

/** The rate limits of a client, as a list. */
export function limitsOf({ rateLimit }: ClientOptions): readonly RateLimit[] {
  return rateLimit === undefined ? [] : Array.isArray(rateLimit) ? rateLimit : [rateLimit as RateLimit]
}

function checkNumbers(id: string, { timeoutMs, bufferBytes, retry, signal }: SendOptions): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid(id, 'signal', 'an AbortSignal')
  atLeast(id, 'timeoutMs', timeoutMs, 1)
  atLeast(id, 'bufferBytes', bufferBytes, 0)
  if (retry === undefined || retry === false) return
  checkOptions(`${id}.retry`, retry, retryRules)
  wholeNumber(`${id}.retry`, 'limit', retry.limit)
  for (const name of ['limit', 'baseDelayMs', 'maxDelayMs', 'maxRetryAfterMs'] as const)
    atLeast(`${id}.retry`, name, retry[name], 0)
}

// A class instance may have more than what is asked of it.
function checkMethods(name: string, value: object | undefined, methods: readonly string[]): void {
  for (const method of methods)
    if (value !== undefined && typeof Reflect.get(value, method) !== 'function')
      throw invalid('client', `${name}.${method}`, 'a function')
}

function wholeNumber(id: string, name: string, value: number | undefined): void {
  if (value !== undefined && !Number.isInteger(value)) throw invalid(id, name, 'a whole number')
}

function atLeast(id: string, name: string, value: number | undefined, least: number): void {
  if (value !== undefined && value < least) throw invalid(id, name, `${least} or more`)
}

function invalid(id: string, name: string, wanted: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `${id}: option ${name} must be ${wanted}.`)
}
