import { EzError } from '@ez/core'
import { formatDay, formatTime, type SigningScope } from './string-to-sign.ts'

/** Scopes of one region and service; a day's text is worked out once, a second's not again within it. */
export class ScopeClock {
  readonly #service: string
  readonly #region: string | undefined
  #day = Number.NaN
  #date = ''
  #text = ''
  #second = Number.NaN
  #scope: SigningScope | undefined

  /** @param region `undefined` where scopes have none (version 4A) */
  constructor(service: string, region?: string) {
    this.#service = service
    this.#region = region
  }

  /**
   * @param instant milliseconds since 1970
   * @throws EZ_CLOCK_INVALID
   */
  at(instant: number): SigningScope {
    const second = Math.floor(instant / 1000)
    if (this.#scope && second === this.#second) return this.#scope
    const day = Math.floor(second / 86_400)
    if (day !== this.#day) {
      if (!(instant >= 0 && instant < 253_402_300_800_000))
        throw new EzError('EZ_CLOCK_INVALID', 'aws-sigv4: the clock gives no instant from 1970 to 9999.')
      this.#date = formatDay(day)
      const place = this.#region === undefined ? '' : `/${this.#region}`
      this.#text = `${this.#date}${place}/${this.#service}/aws4_request`
      this.#day = day
    }
    this.#second = second
    this.#scope = {
      amzDate: this.#date + formatTime(second - day * 86_400),
      date: this.#date,
      region: this.#region ?? '',
      service: this.#service,
      text: this.#text,
    }
    return this.#scope
  }
}
