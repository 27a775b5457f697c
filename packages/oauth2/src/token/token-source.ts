import { EzError, type ScriptContext } from '@ez/core'
import type { Release } from '../store/token-store.ts'
import type { Vault } from '../store/vault.ts'
import type { About, Entry, Token } from './token.ts'

/** What a source needs to know. */
export interface TokenSourceOptions {
  readonly id: string
  /** Key in the store; holds no secret. */
  readonly key: string
  readonly vault: Vault
  /** Whether the server replaces the refresh token at each use. */
  readonly rotating: boolean
  readonly timeoutMs: number
  /** Why a new refresh token would be lost with the process; the present one is not spent then. */
  readonly lost?: () => string | undefined
  /** Gets a new token; `refreshToken` is the last one that the server gave, if any. */
  request(context: ScriptContext, refreshToken: string | undefined, signal: AbortSignal): Promise<Renewed>
}

/** A new token, and what its entry says to people who list the store. */
export interface Renewed {
  readonly token: Token
  readonly about: About
}

const pollMs = 100

/** The tokens of one credential: one refresh at a time in this process, and one across processes by the store's lock. */
export class TokenSource {
  readonly #options: TokenSourceOptions
  #current: Token | undefined
  #unsaved: Renewed | undefined
  #pending: Promise<Token> | undefined
  readonly #refused = new Set<string>()

  constructor(options: TokenSourceOptions) {
    this.#options = options
  }

  /** A token that is usable at the attempt's instant. */
  async get(context: ScriptContext): Promise<Token> {
    context.signal.throwIfAborted()
    const now = context.now().getTime()
    if (this.#unsaved === undefined && this.#isUsable(this.#current, now)) return this.#current
    this.#pending ??= this.#renew(context, now).finally(() => {
      this.#pending = undefined
    })
    return unlessAborted(this.#pending, context.signal)
  }

  /**
   * Does not use the current token again. Told what was sent, only if the token was in it: a newer one, fetched
   * meanwhile for another send, is not dropped with it.
   */
  refuse(sent: string | undefined): void {
    const token = this.#current?.accessToken
    if (token === undefined) return
    if (sent !== undefined && !sent.includes(token) && !sent.includes(encodeURIComponent(token))) return
    // Only the last ones can still come back from the store.
    if (this.#refused.size >= 100) this.#refused.clear()
    this.#refused.add(token)
  }

  #isUsable(token: Token | undefined, now: number): token is Token {
    return (
      token !== undefined &&
      !this.#refused.has(token.accessToken) &&
      (token.usableUntil === undefined || token.usableUntil > now)
    )
  }

  async #renew(context: ScriptContext, now: number): Promise<Token> {
    const { vault } = this.#options
    if (this.#unsaved !== undefined) await this.#save(this.#unsaved, now)
    const known = (await vault.read())?.token
    if (this.#isUsable(known, now)) return this.#keep(known)
    const release = await this.#lock()
    try {
      // Another process may have been faster.
      const entry = await vault.read()
      if (this.#isUsable(entry?.token, now)) return this.#keep(entry.token)
      return this.#keep(await this.#refresh(context, entry, now, release))
    } finally {
      // A lock that cannot be released ends by itself.
      await release?.().catch(() => {})
    }
  }

  async #refresh(
    context: ScriptContext,
    entry: Entry | undefined,
    now: number,
    lock: Release | undefined,
  ): Promise<Token> {
    const { id, key, rotating, timeoutMs, lost, vault } = this.#options
    const last = entry?.token
    const loss = rotating ? lost?.() : undefined
    if (loss !== undefined)
      throw new EzError(
        'EZ_TOKEN_STORE_FAILED',
        `${id}: the server replaces the refresh token at each use, and the new one would be lost: ${loss} Nothing was sent, and the refresh token was not used.`,
        { details: { key } },
      )
    if (rotating && entry?.refreshing !== undefined)
      throw new EzError(
        'EZ_TOKEN_REFRESH_UNFINISHED',
        `${id}: a refresh that began at ${new Date(entry.refreshing).toISOString()} never ended: its process stopped, or the answer was lost, between the request and the store. The refresh token may be spent, and using it twice can revoke it. Authorize again, or delete the store's entry ${key} to try it once more.`,
        { details: { key, startedAt: entry.refreshing } },
      )
    if (lock?.isHeld?.() === false) throw this.#lockLost()
    if (rotating) await vault.write({ ...entry, refreshing: now })
    let renewed: Renewed
    try {
      renewed = await this.#options.request(context, last?.refreshToken, AbortSignal.timeout(timeoutMs))
    } catch (error) {
      const spent = EzError.isInstance(error) ? error.details.mayBeSpent !== false : true
      if (rotating && !spent) await vault.write(entry ?? {})
      throw rotating && spent ? final(error) : error
    }
    // A server that does not rotate this time keeps the refresh token it gave before.
    const { token, about } = renewed
    const kept = last?.refreshToken
    const next =
      token.refreshToken === undefined && kept !== undefined ? { ...token, refreshToken: kept } : token
    await this.#save({ token: next, about }, now)
    return next
  }

  async #save(renewed: Renewed, now: number): Promise<void> {
    const { id, key, rotating, vault } = this.#options
    const { usableUntil } = renewed.token
    try {
      // A rotated refresh token outlives the access token; anything else may go with it.
      const ttl = rotating || usableUntil === undefined ? undefined : usableUntil - now
      await vault.write(renewed, ttl)
      this.#unsaved = undefined
    } catch (cause) {
      if (!rotating) return
      this.#unsaved = renewed
      throw new EzError(
        'EZ_TOKEN_STORE_FAILED',
        `${id}: the server gave a new refresh token, and the store's entry ${key} could not be written. This process keeps it and stores it at the next attempt; if it ends before, the refresh token is lost. Check the store.`,
        { cause, details: { key } },
      )
    }
  }

  #lockLost(): EzError {
    const { id, key } = this.#options
    return new EzError(
      'EZ_TOKEN_LOCKED',
      `${id}: this process was stopped for so long that another may hold the lock of the store's entry ${key}. Nothing was sent; try again.`,
    )
  }

  #keep(token: Token): Token {
    this.#current = token
    return token
  }

  async #lock(): Promise<Release | undefined> {
    const { id, key, timeoutMs, vault } = this.#options
    if (!vault.hasLock) return undefined
    // Longer than a request may take, so that a lock never ends under its holder.
    const ttlMs = timeoutMs * 2
    const until = performance.now() + ttlMs + timeoutMs
    for (;;) {
      const release = await vault.lock(ttlMs)
      if (release !== undefined) return release
      if (performance.now() > until)
        throw new EzError(
          'EZ_TOKEN_LOCKED',
          `${id}: another process has held the lock of the store's entry ${key} for more than ${ttlMs} ms. See what it does, then try again.`,
        )
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }
}

/** The same error, but none to try again after: a refresh token that may be spent is not used a second time. */
function final(error: unknown): unknown {
  if (!EzError.isInstance(error)) return error
  const { code, message, cause, trace, details } = error
  return new EzError(code, message, { cause, trace, details: { ...details, transient: false } })
}

/** Waits for a promise that others wait for too, but not past one's own abort. */
function unlessAborted<Result>(pending: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
