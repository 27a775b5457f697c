import type { DigestChallenge } from './challenge.ts'

/** A nonce of a server, and how it has been used. */
export interface Session {
  readonly challenge: DigestChallenge
  /** How often the nonce has been used. */
  count: number
  /** The first one, which the key of a `-sess` algorithm is made with. */
  cnonce: string | undefined
}

// So that a client that meets ever new hosts does not keep them all.
const most = 100

/** The challenges of servers, by their origins. */
export class Sessions {
  readonly #known = new Map<string, Session>()
  /** Of a server that is not known yet: the next one that is asked. */
  #next: DigestChallenge | undefined
  #last: string | undefined

  constructor(first: DigestChallenge | undefined) {
    this.#next = first
  }

  /** The session with an origin, with its nonce counted once more; `undefined` before its first challenge. */
  use(origin: string): (Readonly<Session> & { cnonce: string | undefined }) | undefined {
    this.#last = origin
    if (this.#next) {
      const challenge = this.#next
      this.#next = undefined
      this.learn(challenge, origin)
    }
    const session = this.#known.get(origin)
    if (session) session.count += 1
    return session
  }

  /** Keeps a challenge; of the origin that was used last when none is named. */
  learn(challenge: DigestChallenge, origin: string | undefined = this.#last): void {
    if (origin === undefined) {
      this.#next = challenge
      return
    }
    // Two requests at the same time may be told the same nonce; a count that came again would be a replay.
    if (this.#known.get(origin)?.challenge.nonce === challenge.nonce && !challenge.stale) return
    this.#known.delete(origin)
    if (this.#known.size >= most) this.#known.delete(this.#known.keys().next().value as string)
    this.#known.set(origin, { challenge, count: 0, cnonce: undefined })
  }

  /** Forgets all of them. */
  clear(): void {
    this.#known.clear()
    this.#next = undefined
  }
}
