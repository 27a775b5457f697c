import { checkInstant, formatDay, formatTime, type SigningScope } from './string-to-sign.ts'

/**
 * Scopes of one service and region; a day's text is worked out once, a second's not again within it.
 *
 * @param region `undefined` where scopes have none (version 4A)
 * @returns the scope at an instant, in milliseconds since 1970; it throws EZ_CLOCK_INVALID
 */
export function createScopeClock(service: string, region?: string): (instant: number) => SigningScope {
  const place = region === undefined ? service : `${region}/${service}`
  let knownDay: number | undefined
  let knownSecond: number | undefined
  let scope: SigningScope = { amzDate: '', date: '', region: region ?? '', service, text: '' }
  return (instant) => {
    const second = Math.floor(instant / 1000)
    if (second === knownSecond) return scope
    const day = Math.floor(second / 86_400)
    let { date, text } = scope
    if (day !== knownDay) {
      checkInstant(instant)
      date = formatDay(day)
      text = `${date}/${place}/aws4_request`
      knownDay = day
    }
    knownSecond = second
    scope = { ...scope, amzDate: date + formatTime(second - day * 86_400), date, text }
    return scope
  }
}
