import { formatInstant, type SigningScope } from './string-to-sign.ts'

/**
 * Scopes of one service and region; a day's text is worked out once, a second's not again within it.
 *
 * @param region `undefined` where scopes have none (version 4A)
 * @returns the scope at an instant, in milliseconds since 1970; it throws EZ_CLOCK_INVALID
 */
export function createScopeClock(service: string, region?: string): (instant: number) => SigningScope {
  const place = region === undefined ? service : `${region}/${service}`
  let knownSecond: number | undefined
  let scope: SigningScope = { amzDate: '', date: '', region: region ?? '', service, text: '' }
  return (instant) => {
    const second = Math.floor(instant / 1000)
    if (second !== knownSecond) {
      const amzDate = formatInstant(instant)
      const date = amzDate.slice(0, 8)
      // The same text all day, so that it is compared in no time.
      const text = date === scope.date ? scope.text : `${date}/${place}/aws4_request`
      scope = { ...scope, amzDate, date, text }
      knownSecond = second
    }
    return scope
  }
}
