import type { Attempt } from '@ez/client'

/** Says, before a wait for another attempt, why and for how long. */
export function tellWait(say: (text: string) => void): (attempt: Attempt, delayMs: number) => void {
  return ({ status, error, prepared }, delayMs) => {
    const why = status === undefined ? `failed (${error?.code ?? 'no answer'})` : `answered ${status}`
    say(`${prepared.method} ${new URL(prepared.url).host} ${why}, again in ${secondsOf(delayMs)}`)
  }
}

const secondsOf = (milliseconds: number): string =>
  milliseconds < 950 ? `${Math.ceil(milliseconds / 100) / 10} s` : `${Math.round(milliseconds / 1000)} s`
