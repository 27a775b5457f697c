import { hash as digestOf } from '#crypto'
import type { DigestChallenge } from './challenge.ts'

/** What an answer to a challenge is made of. */
export interface DigestAnswer {
  readonly challenge: DigestChallenge
  readonly username: string
  readonly password: string
  readonly method: string
  /** Path and query, as they are sent. */
  readonly uri: string
  /** What is protected; `undefined` for servers that know no choice (RFC 2069). */
  readonly qop: 'auth' | 'auth-int' | undefined
  /** How often the nonce has been used with this answer, from 1. */
  readonly count: number
  readonly cnonce: string
  /** Of the body; for `auth-int` alone. */
  readonly body: Uint8Array
}

/** The value of `authorization`, and what was hashed for it. */
export interface DigestAuthorization {
  readonly value: string
  /** RFC 7616 section 3.4.3: `method:uri`, and the hash of the body. */
  readonly a2: string
  /** As hex. */
  readonly response: string
}

/**
 * Answers a challenge.
 *
 * Source: RFC 7616 section 3.4; without `qop` RFC 2069 section 2.1.2.
 */
export function authorizationOf(answer: DigestAnswer): DigestAuthorization {
  const { challenge, username, password, method, uri, qop, cnonce } = answer
  const { realm, nonce, opaque, algorithm, sess, userhash } = challenge
  const hash = (data: string | Uint8Array): string => digestOf(challenge.hash, data, 'hex')
  const secret = hash(`${username}:${realm}:${password}`)
  const a1 = sess ? hash(`${secret}:${nonce}:${cnonce}`) : secret
  const a2 = `${method}:${uri}${qop === 'auth-int' ? `:${hash(answer.body)}` : ''}`
  const count = answer.count.toString(16).padStart(8, '0')
  const response = hash(
    qop === undefined ? `${a1}:${nonce}:${hash(a2)}` : `${a1}:${nonce}:${count}:${cnonce}:${qop}:${hash(a2)}`,
  )
  const parameters = [
    userhash
      ? `username=${quoted(hash(`${username}:${realm}`))}`
      : /^[\x20-\x7e]*$/.test(username)
        ? `username=${quoted(username)}`
        : `username*=UTF-8''${extended(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    `response=${quoted(response)}`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${count}`, `cnonce=${quoted(cnonce)}`]),
    // RFC 2617 section 3.2.2: the key of a session is made with a cnonce, with qop or without.
    ...(qop === undefined && sess ? [`cnonce=${quoted(cnonce)}`] : []),
    ...(userhash ? ['userhash=true'] : []),
  ]
  return { value: `Digest ${parameters.join(', ')}`, a2, response }
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

// RFC 8187 section 3.2.1.
const extended = (text: string): string =>
  encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
