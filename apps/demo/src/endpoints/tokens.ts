/** Access tokens that one server gave out, each until it expires. */
export class IssuedTokens {
  readonly #expiries = new Map<string, number>()
  readonly #prefix: string
  /** Seconds that a token is good for. */
  readonly lifetime: number

  constructor(prefix: string, lifetime: number) {
    this.#prefix = prefix
    this.lifetime = lifetime
  }

  issue(now: Date): string {
    const token = this.#prefix + crypto.randomUUID().replaceAll('-', '')
    this.#expiries.set(token, now.getTime() + this.lifetime * 1000)
    return token
  }

  isGood(token: string, now: Date): boolean {
    const expiry = this.#expiries.get(token)
    return expiry !== undefined && now.getTime() < expiry
  }
}
