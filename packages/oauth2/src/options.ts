import {
  checkOptions,
  EzError,
  type OptionRule,
  type PreRequestScript,
  type Provider,
  type ProviderHost,
  type Secret,
  type SignContext,
} from '@ez/core'
import type { TokenStore } from './store/token-store.ts'
import { isLoopback } from './token/token-request.ts'

/** Options that every token script has. */
export interface CommonTokenOptions {
  /**
   * Header that the token is written to (default `authorization`, as `Bearer …`); `null` writes none. Without
   * this option a template that places the output itself gets no header.
   */
  readonly header?: string | null
  /** Name of the output (default `access_token`, as in `{%access_token%}`). */
  readonly output?: string
  /** Seconds before its expiry from which a token is not used (default 60; half of its life at most). */
  readonly marginSeconds?: number
  /** Milliseconds that a token request may take (default 15,000). */
  readonly timeoutMs?: number
  /** Where tokens are kept (default: this process's memory). */
  readonly store?: TokenStore
  /** 32 bytes in base64: tokens are encrypted in the store (AES-256-GCM). */
  readonly encryptionKey?: string | Secret
}

/** Options whose credentials may come from a function: for rotation, and many tenants behind one template. */
export type WithCredentials<Options> =
  | Options
  | (CommonTokenOptions & {
      readonly credentials: (context: SignContext) => Credentials<Options> | Promise<Credentials<Options>>
    })

/** What a function of credentials gives. */
export type Credentials<Options> = Omit<Options, keyof CommonTokenOptions>

/** In milliseconds: how long before its expiry a token is not used, and how long a request for one may take. */
export interface TokenLimits {
  readonly marginMs: number
  readonly timeoutMs: number
}

/** The limits that the common options set. */
export function limitsOf({ marginSeconds = 60, timeoutMs = 15_000 }: CommonTokenOptions): TokenLimits {
  return { marginMs: marginSeconds * 1000, timeoutMs }
}

const commonRules: Readonly<Record<string, OptionRule>> = {
  header: 'string|null?',
  output: 'string?',
  marginSeconds: 'number?',
  timeoutMs: 'number?',
  store: 'object?',
  encryptionKey: 'secret?',
}

/** What `use:` in a request file loads; `properties` is the JSON Schema of the options that the grant has for itself. */
export function tokenProvider<Options>(
  id: string,
  create: (options: Options, host?: ProviderHost) => PreRequestScript,
  required: readonly string[],
  properties: Readonly<Record<string, object>>,
): Provider<Options> {
  return {
    id,
    options: {
      type: 'object',
      required,
      additionalProperties: false,
      properties: { ...properties, ...commonSchema },
    },
    create,
  }
}

// Of the common options, those that data can hold.
const commonSchema = {
  header: { type: ['string', 'null'], description: 'Header the token is written to' },
  output: { type: 'string', default: 'access_token' },
  marginSeconds: { type: 'number', minimum: 0, default: 60 },
  timeoutMs: { type: 'integer', minimum: 1, default: 15000 },
  encryptionKey: { type: 'string', description: '32 bytes in base64' },
} as const

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
export function checkTokenOptions(
  id: string,
  options: unknown,
  rules: Readonly<Record<string, OptionRule>>,
): void {
  checkOptions(id, options, { ...rules, ...commonRules })
  const { store } = options as CommonTokenOptions
  const { marginMs, timeoutMs } = limitsOf(options as CommonTokenOptions)
  if (marginMs < 0) throw invalid(id, 'marginSeconds', '0 or more')
  // Longer timers fire at once (HTML, timers: a signed 32-bit number); the lock lasts twice as long.
  if (timeoutMs < 1 || timeoutMs > longestMs) throw invalid(id, 'timeoutMs', `from 1 to ${longestMs}`)
  if (store !== undefined && ![store.get, store.set, store.delete].every((one) => typeof one === 'function'))
    throw invalid(id, 'store', 'an object with get, set and delete')
}

const longestMs = 2 ** 30

function invalid(id: string, name: string, wanted: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `${id}: option ${name} must be ${wanted}.`)
}

/** @throws EZ_OPTION_INVALID when a URL is none, holds a user, or is not https and leaves this machine */
export function checkEndpoint(id: string, name: string, url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed && (parsed.username !== '' || parsed.password !== ''))
    throw invalid(id, name, 'without user and password')
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(url))) return
  throw invalid(id, name, 'an https URL')
}
