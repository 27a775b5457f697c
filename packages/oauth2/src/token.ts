import type { TokenEndpointResponse } from 'oauth4webapi'

/** A token as it is kept. */
export interface Token {
  readonly accessToken: string
  /** Milliseconds since 1970 until which it is used: before it expires, by the margin. For ever when left out. */
  readonly usableUntil?: number
  /** The refresh token that came with it, when the server rotates them. */
  readonly refreshToken?: string
}

/** What a store holds: the last token, and whether its refresh token is being used. */
export interface Entry {
  readonly token?: Token
  /** Milliseconds since 1970: a refresh with a rotating token began then, and has not ended. */
  readonly refreshing?: number
}

/** A token from a server's answer. A short life has a short margin: half of it at most. */
export function tokenOf(response: TokenEndpointResponse, now: number, marginMs: number): Token {
  const { access_token: accessToken, expires_in: expiresIn, refresh_token: refreshToken } = response
  return {
    accessToken,
    ...(expiresIn === undefined ? {} : { usableUntil: usableUntil(now, expiresIn, marginMs) }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
  }
}

/** Until when a token of so many seconds is used. */
export function usableUntil(now: number, expiresInSeconds: number, marginMs: number): number {
  const life = expiresInSeconds * 1000
  return now + life - Math.min(marginMs, life / 2)
}
