import { checkOptions, EzError } from '@ez/core'
import type { ClientOptions, SendOptions } from './options.ts'
import type { RateLimit } from './rate-limit.ts'

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
  maxResponseBytes: 'number?',
  maxClockOffsetMs: 'number?',
  connectTo: 'text|function?',
  lane: 'text?',
  templateScripts: 'array?',
}
const clientRules = {
  ...sendRules,
  preRequest: 'array?',
  rateLimit: 'object|array?',
  hooks: 'object?',
  telemetry: 'object?',
  random: 'function?',
  timers: 'object?',
  tls: 'object?',
  proxy: 'text?',
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
  checkTransport(options)
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
      throw new EzError('EZ_OPTION_INVALID', 'client.rateLimit: give concurrency, perSecond or both.')
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

function checkNumbers(
  id: string,
  { timeoutMs, bufferBytes, maxResponseBytes, maxClockOffsetMs, connectTo, retry, signal }: SendOptions,
): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid(id, 'signal', 'an AbortSignal')
  atLeast(id, 'timeoutMs', timeoutMs, 1)
  atLeast(id, 'bufferBytes', bufferBytes, 0)
  atLeast(id, 'maxResponseBytes', maxResponseBytes, 0)
  atLeast(id, 'maxClockOffsetMs', maxClockOffsetMs, 0)
  if (typeof connectTo === 'string' && !hostAndPort.test(connectTo))
    throw invalid(id, 'connectTo', 'host:port, as in 127.0.0.1:8443')
  if (retry === undefined || retry === false) return
  checkOptions(`${id}.retry`, retry, retryRules)
  wholeNumber(`${id}.retry`, 'limit', retry.limit)
  for (const name of ['limit', 'baseDelayMs', 'maxDelayMs', 'maxRetryAfterMs'] as const)
    atLeast(`${id}.retry`, name, retry[name], 0)
}

// A port is always there: the request's own may be another.
const hostAndPort = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/

function checkTransport({ tls, proxy, connectTo }: ClientOptions): void {
  if (tls) {
    checkOptions('client.tls', tls, { ca: 'any?', cert: 'any?', key: 'any?' })
    if ((tls.cert === undefined) !== (tls.key === undefined))
      throw new EzError('EZ_OPTION_INVALID', 'client.tls: cert and key belong together. Give both.')
  }
  if (proxy !== undefined && connectTo !== undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      'client: option connectTo does not go with a proxy: the proxy makes the connection. Leave one of them out.',
    )
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
