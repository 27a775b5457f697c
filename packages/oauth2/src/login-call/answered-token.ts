import { EzError } from '@ez/core'
import { type Token, usableUntil } from '../token/token.ts'

/** Where an answer holds its token, and until when that is used. */
export interface TokenPlaces {
  /** JSONPath of the token, such as `$.data.token` (RFC 9535). */
  readonly token: string
  /** JSONPath of the seconds that it is valid, or the seconds themselves. */
  readonly expiresIn?: string | number
  /** JSONPath of the instant at which it ends: ISO 8601, or seconds or milliseconds since 1970. */
  readonly expiresAt?: string
}

/** The token of an answer. @throws EZ_TOKEN_RESPONSE_INVALID */
export async function answeredToken(
  id: string,
  text: string,
  places: TokenPlaces,
  nowMs: number,
  marginMs: number,
): Promise<Token> {
  const { compile } = await import('json-p3')
  const refuse = (what: string): EzError =>
    new EzError(
      'EZ_TOKEN_RESPONSE_INVALID',
      `${id}: the answer of the login ${what}. Check the request and the paths.`,
    )
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw refuse('is no JSON')
  }
  const at = (path: string): unknown =>
    compile(path)
      .query(body as never)
      .values()[0]
  const accessToken = at(places.token)
  if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken))
    throw refuse(`has no token at ${places.token}`)
  const life = lifeOf(places, at, nowMs)
  if (life === null) throw refuse(`has no time at ${places.expiresIn ?? places.expiresAt}`)
  return { accessToken, ...(life !== undefined && { usableUntil: usableUntil(nowMs, life, marginMs) }) }
}

/** Seconds; `null` when a path leads to none. */
function lifeOf(
  { expiresIn, expiresAt }: TokenPlaces,
  at: (path: string) => unknown,
  nowMs: number,
): number | undefined | null {
  if (typeof expiresIn === 'number') return expiresIn
  if (expiresIn !== undefined) return numberOf(at(expiresIn))
  if (expiresAt === undefined) return undefined
  const end = at(expiresAt)
  const number = numberOf(end)
  // Seconds reach 10^11 in the year 5138.
  const ms = number === null ? Date.parse(String(end)) : number < 1e11 ? number * 1000 : number
  return Number.isFinite(ms) ? Math.max(0, (ms - nowMs) / 1000) : null
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null
}

/** @throws EZ_OPTION_INVALID when a path is none */
export async function checkPaths(id: string, { token, expiresIn, expiresAt }: TokenPlaces): Promise<void> {
  const { compile } = await import('json-p3')
  for (const path of [token, expiresIn, expiresAt])
    if (typeof path === 'string')
      try {
        compile(path)
      } catch (error) {
        throw new EzError(
          'EZ_OPTION_INVALID',
          `${id}: ${JSON.stringify(path)} is no JSONPath: ${(error as Error).message}.`,
        )
      }
}
