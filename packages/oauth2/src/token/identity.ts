import type { ScriptContext, Secret, SignContext } from '@ez/core'
import type { About, Entry, Token } from './token.ts'
import type { TokenRequest } from './token-request.ts'

/** One credential at one endpoint: what a token is asked for with, and what tells it from others. */
export interface Identity {
  /** Everything that another token would differ in; hashed into the store's key. */
  readonly distinguishing: readonly (string | Secret | undefined)[]
  /** To be masked. */
  readonly secrets: readonly (string | Secret | undefined)[]
  /** Whether the server replaces the refresh token at each use. */
  readonly rotating?: boolean
  /** The scopes that are asked for, with spaces between. */
  readonly scope?: string | undefined
  /** The request for a token; `refreshToken` is the last one that the server gave. */
  request?(
    context: SignContext,
    refreshToken: string | undefined,
    place: Place | undefined,
  ): TokenRequest | Promise<TokenRequest>
  /** In place of `request`, where the token is none of OAuth. */
  fetchToken?(context: ScriptContext, signal: AbortSignal): Promise<Token>
  /** With `fetchToken`: what the entry says to people who list the store. */
  readonly about?: About
}

/** The store, as it is read for a login. */
export interface Entries {
  read(key: string): Promise<Entry | undefined>
  /** Keys of all entries; none when the store cannot list them. */
  keys(): Promise<readonly string[]>
}

/** Where a login is kept, and what it is for. */
export interface Place {
  readonly key: string
  readonly about: About
}
