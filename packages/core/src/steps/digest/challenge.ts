import { type HashAlgorithm, md5, sha256 } from '#crypto'
import type { Pairs } from '../../contract/request.ts'

/** What a server asks of an answer by HTTP Digest. */
export interface DigestChallenge {
  readonly realm: string
  readonly nonce: string
  /** Given back as it came; `undefined` when there was none. */
  readonly opaque?: string
  /** As the server writes it, such as `SHA-256-sess`; `undefined` when it names none, which means MD5. */
  readonly algorithm?: string
  readonly hash: HashAlgorithm
  /** Whether the key is that of one session. */
  readonly sess: boolean
  /** What the server can check, in lower case; empty for servers of RFC 2069, which know none. */
  readonly qop: readonly string[]
  /** Whether the server wants the hash of the user name in its place. */
  readonly userhash: boolean
  /** Whether the last answer was refused for its nonce alone. */
  readonly stale: boolean
}

const hashes: Readonly<Record<string, HashAlgorithm>> = { md5, 'sha-256': sha256 }
// By strength: a server that knows both is answered by the better one (RFC 7616 section 5.14).
const strength = ['sha-256', 'md5']

/**
 * The challenge of an answer that can be met, the strongest one of several; `undefined` when there is none.
 *
 * Source: RFC 7616 section 3.3.
 */
export function readChallenge(headers: Pairs): DigestChallenge | undefined {
  const found = headers
    .filter(([name]) => name.toLowerCase() === 'www-authenticate')
    .flatMap(([, value]) => challengesOf(value))
    .flatMap(({ scheme, parameters }) => (scheme === 'digest' ? (digestOf(parameters) ?? []) : []))
  const rank = ({ hash }: DigestChallenge): number =>
    strength.findIndex((name) => hashes[name]?.name === hash.name)
  return found.sort((left, right) => rank(left) - rank(right))[0]
}

/** Whether an answer asks for Digest at all, in a way that can be met or not. */
export const asksForDigest = (headers: Pairs): boolean =>
  headers.some(
    ([name, value]) =>
      name.toLowerCase() === 'www-authenticate' &&
      challengesOf(value).some(({ scheme }) => scheme === 'digest'),
  )

function digestOf(parameters: ReadonlyMap<string, string>): DigestChallenge | undefined {
  const nonce = parameters.get('nonce')
  const realm = parameters.get('realm')
  const algorithm = parameters.get('algorithm')
  const [, name = '', session] = /^(.*?)(-sess)?$/i.exec((algorithm ?? 'MD5').toLowerCase()) ?? []
  const hash = Object.hasOwn(hashes, name) ? hashes[name] : undefined
  if (nonce === undefined || realm === undefined || !hash) return undefined
  const opaque = parameters.get('opaque')
  const qop = (parameters.get('qop') ?? '').toLowerCase().split(/[\s,]+/)
  return {
    realm,
    nonce,
    hash,
    sess: session !== undefined,
    qop: qop.filter((one) => one !== ''),
    userhash: parameters.get('userhash')?.toLowerCase() === 'true',
    stale: parameters.get('stale')?.toLowerCase() === 'true',
    ...(opaque !== undefined && { opaque }),
    ...(algorithm !== undefined && { algorithm }),
  }
}

interface Challenge {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

// A token, and its value when it is a parameter: the first token without one is the next scheme (RFC 9110 section 11.6.1).
const part = /[\s,]*([!#$%&'*+.^_`|~\w-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|(?=[\s,]|$))/gy

function challengesOf(header: string): Challenge[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = []
  for (const [, token = '', quoted, plain] of header.matchAll(part)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain
    if (value === undefined) found.push({ scheme: token.toLowerCase(), parameters: new Map() })
    else found.at(-1)?.parameters.set(token.toLowerCase(), value)
  }
  return found
}
