import type { TokenEndpointResponse } from 'oauth4webapi'

/** A token as it is kept. */
export interface Token {
  readonly accessToken: string
  /** Milliseconds since 1970 until which it is used: before it expires, by the margin. For ever when left out. */
  readonly usableUntil?: number
  /** The refresh token that came with it, when the server rotates them. */
  readonly refreshToken?: string
  /** Scopes that the server granted, with spaces between, when it said so. */
  readonly scope?: string
}

/** What a store holds: the last token, and whether its refresh token is being used. */
export interface Entry {
  readonly token?: Token
  /** Milliseconds since 1970: a refresh with a rotating token began then, and has not ended. */
  readonly refreshing?: number
  /** What it is for; for people who list the store. */
  readonly about?: About
}

/** What a token is for; holds no secret. */
export interface About {
  /** Origin and path of the token endpoint, or the issuer. */
  readonly issuer: string
  /** Of a login: where its token is refreshed. */
  readonly tokenEndpoint?: string
  readonly clientId: string
  /** Scopes, with spaces between. */
  readonly scope?: string
  /** Of a login: who logged in, as the server says. */
  readonly subject?: string
  /** Of a login: absolute path of the request file that the token was given to. */
  readonly file?: string
  /** Of a login: the hosts, with ports, that the token may go to. */
  readonly hosts?: readonly string[]
  /** Milliseconds since 1970 of the login. */
  readonly since?: number
}

/** A token from a server's answer. A short life has a short margin: half of it at most. */
export function tokenOf(response: TokenEndpointResponse, now: number, marginMs: number): Token {
  const { access_token: accessToken, expires_in: expiresIn, refresh_token: refreshToken, scope } = response
  return {
    accessToken,
    ...(expiresIn === undefined ? {} : { usableUntil: usableUntil(now, expiresIn, marginMs) }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(scope === undefined ? {} : { scope }),
  }
}

/** Until when a token of so many seconds is used. */
export function usableUntil(now: number, expiresInSeconds: number, marginMs: number): number {
  const life = expiresInSeconds * 1000
  return now + life - Math.min(marginMs, life / 2)
}
