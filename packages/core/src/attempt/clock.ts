import { randomAlphanumeric, toHex } from '#crypto'
import { EzError } from '../base/error.ts'
import type { PrepareContext } from '../contract/context.ts'
import type { RuntimeSources } from '../outputs/runtime-values.ts'

/** The time and the random texts of one attempt; the instant and the nonce are read once. */
export class Clock implements RuntimeSources {
  readonly #context: PrepareContext
  #instant: number | undefined
  #nonce: string | undefined

  constructor(context: PrepareContext) {
    this.#context = context
  }

  /** When the send began; milliseconds, as of a `Date`. */
  get startedAt(): number {
    return Number(this.#context.startedAt ?? this.instant)
  }

  /** When the attempt began; milliseconds, as of a `Date`. @throws EZ_CLOCK_INVALID */
  get instant(): number {
    this.#instant ??= readClock(this.#context)
    return this.#instant
  }

  now(): Date {
    return new Date(this.instant)
  }

  /** @throws EZ_OPTION_INVALID when the context's function gives no text */
  nonce(): string {
    this.#nonce ??= textGiven('nonce', this.#context) ?? randomAlphanumeric(32)
    return this.#nonce
  }

  /** Another at each call. @throws EZ_OPTION_INVALID when the context's function gives no text */
  uuid(): string {
    return textGiven('uuid', this.#context) ?? randomUuid()
  }
}

/** @throws EZ_CLOCK_INVALID */
function readClock(context: PrepareContext): number {
  let instant: unknown
  let cause: unknown
  try {
    instant = context.clock ? context.clock() : new Date()
  } catch (error) {
    cause = error
  }
  if (!(instant instanceof Date) || Number.isNaN(instant.getTime()))
    throw new EzError('EZ_CLOCK_INVALID', 'clock: it must return a valid Date.', { cause })
  return instant.getTime()
}

/** What a function of the context gives, if there is one. @throws EZ_OPTION_INVALID */
function textGiven(name: 'nonce' | 'uuid', context: PrepareContext): string | undefined {
  if (!context[name]) return undefined
  const text: unknown = context[name]()
  if (typeof text !== 'string' || text === '')
    throw new EzError('EZ_OPTION_INVALID', `${name}: it must return a text.`)
  return text
}

/** A UUID of version 4 (RFC 9562 section 5.4), also on a page without TLS, where `crypto.randomUUID` is missing. */
function randomUuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  const hex = toHex(crypto.getRandomValues(new Uint8Array(16)))
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-')
}
