import { randomAlphanumeric, toHex } from '@ez/core/crypto'
import { EzError } from '../base/error.ts'
import { quietly } from '../base/promises.ts'
import { reveal, Secret } from '../base/secret.ts'
import type { PrepareContext } from '../contract/context.ts'
import type { TimeOptions } from '../contract/request.ts'
import type { SignContext, Signer } from '../contract/step.ts'
import { Runtime, type RuntimeSources } from '../outputs/runtime-values.ts'
import { type Found, Scope } from '../resolve/variables.ts'
import { isStream } from '../template/body-draft.ts'
import { parseTemplate, type Token } from '../template/parse.ts'
import { defaultOf, filtered } from '../template/text.ts'
import { Recorder } from '../trace/recorder.ts'

const empty: Readonly<Record<string, unknown>> = Object.freeze({})

/** One attempt: its clock, nonce, variables and outputs, each read once. */
export class Attempt implements RuntimeSources {
  readonly context: PrepareContext
  readonly time: TimeOptions | undefined
  readonly outputs: Readonly<Record<string, unknown>>
  readonly recorder: Recorder
  readonly runtime: Runtime
  readonly scope: Scope
  /** `undefined` when nobody can abort. */
  readonly signal: AbortSignal | undefined
  /** Their `canonicalUrl` decides the path that is sent. */
  signers: readonly Signer[] = []
  #opened: ReadableStream | undefined
  #signContext: SignContext | undefined
  #stepSignal: AbortSignal | undefined
  #late: AbortController | undefined
  #instant: number | undefined
  #nonce: string | undefined
  #variables: Readonly<Record<string, unknown>> | undefined

  constructor(context: PrepareContext, time: TimeOptions | undefined, signal?: AbortSignal) {
    this.context = context
    this.recorder = new Recorder(context)
    this.signal =
      context.signal && signal ? AbortSignal.any([context.signal, signal]) : (context.signal ?? signal)
    this.time = time
    this.outputs = context.outputs ?? empty
    this.runtime = new Runtime(this)
    this.scope = new Scope(context.variables ?? empty, context.data ?? empty, this.runtime, this.recorder)
    if (context.outputs) this.scope.conceal(context.outputs)
  }

  /** What steps get: aborts with the caller's, and when one of them took too long. */
  get stepSignal(): AbortSignal {
    this.#late ??= new AbortController()
    this.#stepSignal ??= this.signal ? AbortSignal.any([this.signal, this.#late.signal]) : this.#late.signal
    return this.#stepSignal
  }

  /** Ends what steps still wait for. */
  giveUp(reason: EzError): void {
    this.#late ??= new AbortController()
    this.#late.abort(reason)
  }

  /** Opens the stream of a template's body, which nobody else knows. */
  open(stream: () => ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const opened = stream()
    this.#opened = opened
    return opened
  }

  /** Cancels the stream that was opened: the request that it was for is not sent. */
  close(): void {
    if (isStream(this.#opened) && !this.#opened.locked) void quietly(this.#opened.cancel())
  }

  /** What signers get. */
  get signContext(): SignContext {
    this.#signContext ??= new SignView(this)
    return this.#signContext
  }

  get startedAt(): number {
    return Number(this.context.startedAt ?? this.instant)
  }

  get instant(): number {
    this.#instant ??= instantOf(this.context)
    return this.#instant
  }

  now(): Date {
    return new Date(this.instant)
  }

  nonce(): string {
    this.#nonce ??= textGiven('nonce', this.context) ?? randomAlphanumeric(32)
    return this.#nonce
  }

  uuid(): string {
    return textGiven('uuid', this.context) ?? randomUuid()
  }

  /** For multipart bodies: as random as the nonce, in the characters that RFC 2046 section 5.1.1 allows. */
  boundary(): string {
    return `ez-${this.nonce()
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 60)}`
  }

  /** The variables, each resolved when it is read. */
  get variables(): Readonly<Record<string, unknown>> {
    if (this.#variables) return this.#variables
    const variables: Record<string, unknown> = Object.create(null)
    for (const name of this.scope.names())
      Object.defineProperty(variables, name, {
        enumerable: true,
        get: () => this.#variable({ kind: 'variable', path: [name], filters: [], name }),
      })
    this.#variables = Object.freeze(variables)
    return this.#variables
  }

  /** The value of a `{{path | filter}}` for a script. */
  lookup(path: string): unknown {
    return this.#variable(tokenOf(`{{${path}}}`, path))
  }

  /** The value of a `{%name | filter%}` for a script. */
  runtimeValue(name: string): unknown {
    const token = tokenOf(`{%${name}%}`, name)
    if (!this.runtime.knows(token)) return defaultOf(token)?.value
    const value = this.runtime.find(token, 'a script')
    return copied(filtered(token, { value, fromData: false }, 'a script', this).value)
  }

  /** Masks a value that came with a script's options. */
  conceal(value: string | Secret): void {
    this.scope.conceal(Secret.isInstance(value) ? value : reveal(value))
  }

  /** @throws EZ_SCRIPT_VALUE, EZ_NAME_RESERVED, EZ_CHANGED_AFTER_READ */
  publish(name: string, value: unknown): void {
    if (typeof value === 'object') this.scope.conceal(value)
    this.runtime.publish(name, copied(value))
  }

  #variable(token: Token): unknown {
    const value = (found: Found | undefined): unknown =>
      found && copied(filtered(token, found, 'a script', this).value)
    const found = this.scope.forScript(token)
    return found instanceof Promise ? quietly(found.then(value)) : value(found)
  }
}

/** @throws EZ_CLOCK_INVALID */
function instantOf(context: PrepareContext): number {
  let instant: unknown
  try {
    instant = context.clock ? context.clock() : new Date()
  } catch (cause) {
    throw new EzError('EZ_CLOCK_INVALID', 'clock: it threw. See cause.', { cause })
  }
  if (!(instant instanceof Date) || Number.isNaN(instant.getTime()))
    throw new EzError('EZ_CLOCK_INVALID', 'clock: it gives no valid Date.')
  return instant.getTime()
}

/** What a function of the context gives, if there is one. @throws EZ_OPTION_INVALID */
function textGiven(name: 'nonce' | 'uuid', context: PrepareContext): string | undefined {
  if (!context[name]) return undefined
  const text: unknown = context[name]()
  if (typeof text !== 'string' || text === '')
    throw new EzError('EZ_OPTION_INVALID', `${name}: it gives no text.`)
  return text
}

function tokenOf(text: string, path: string): Token {
  const template = parseTemplate(text, 'a script')
  const [token] = template
  if (template.length !== 1 || typeof token !== 'object')
    throw new EzError('EZ_TEMPLATE_INVALID', `a script: ${JSON.stringify(path)} is not a path.`)
  return token
}

/** A UUID of version 4 (RFC 9562 section 5.4), also on a page without TLS, where `crypto.randomUUID` is missing. */
function randomUuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  const hex = toHex(crypto.getRandomValues(new Uint8Array(16)))
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-')
}

/** What a signer may know of an attempt, and nothing more: what is printed of it holds no secret. */
class SignView implements SignContext {
  readonly #attempt: Attempt

  constructor(attempt: Attempt) {
    this.#attempt = attempt
    Object.freeze(this)
  }

  now(): Date {
    return this.#attempt.now()
  }

  nonce(): string {
    return this.#attempt.nonce()
  }

  get variables(): Readonly<Record<string, unknown>> {
    return this.#attempt.variables
  }

  get signal(): AbortSignal {
    return this.#attempt.stepSignal
  }
}

/** Lists, records and dates anew, so that a script changes neither what others are given nor what it published. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return new Date(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]))
}
